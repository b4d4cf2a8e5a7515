import type { PauseSpec } from '#libs/container-runtime';

/**
 * A pause container that was made before its task was known has no labels of the task, and labels cannot be added. So its
 * name has everything that the labels of others have: `<runtime name>.<task id>.<subnet>[.<security group> …]`.
 */
export interface Claim {
  readonly runtimeName: string;
  readonly taskId: string;
  readonly subnetId: string;
  readonly securityGroups: readonly string[];
}

/** What Docker allows in names, less the separator. */
const PART = /^[A-Za-z0-9_-]+$/;

/** undefined: some part does not fit into a name, and the task has to have a container of its own making. */
export function claimedName(
  { runtimeName, taskId, network }: Pick<PauseSpec, 'runtimeName' | 'taskId' | 'network'>,
  subnetId: string,
): string | undefined {
  const parts = [runtimeName, taskId, subnetId, ...(network?.securityGroups ?? [])];
  return parts.every((part) => PART.test(part)) ? parts.join('.') : undefined;
}

/** @param name with or without the slash that Docker puts before it; undefined: no task has claimed the container */
export function claimIn(name: string): Claim | undefined {
  const [runtimeName = '', taskId, subnetId, ...securityGroups] = name.replace(/^\//, '').split('.');
  return taskId === undefined || subnetId === undefined ? undefined : { runtimeName, taskId, subnetId, securityGroups };
}
