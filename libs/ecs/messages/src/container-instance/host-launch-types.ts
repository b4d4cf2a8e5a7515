import type { HostLaunchType } from './events.ts';

/** Kinds of tasks that hosts can take: ECS's own instances, hosts outside Amazon, and the Fargate pool. */
export const HOST_LAUNCH_TYPES = ['EC2', 'EXTERNAL', 'FARGATE'] as const satisfies readonly HostLaunchType[];

/** What a host takes that does not say: tasks of ECS's own instances, and of hosts outside Amazon. */
export const HOST_LAUNCH_TYPES_DEFAULT: readonly HostLaunchType[] = ['EC2', 'EXTERNAL'];

/** Whether a host takes tasks of this launch type. */
export function takesLaunchType(
  launchTypes: readonly string[] = HOST_LAUNCH_TYPES_DEFAULT,
  launchType: string,
): boolean {
  return launchTypes.includes(launchType);
}

/**
 * Whether a host belongs to the cluster's Fargate pool: it takes Fargate tasks alone, and no caller of the API sees it, as
 * nobody sees the hosts of Fargate.
 */
export function isPoolHost(launchTypes: readonly string[] = HOST_LAUNCH_TYPES_DEFAULT): boolean {
  return launchTypes.every((launchType) => launchType === 'FARGATE');
}
