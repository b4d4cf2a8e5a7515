import type { RecordedPlacementFailure, ServiceMessageKind } from '#libs/ecs/messages';
import { TextMembers } from '../output/members.ts';

/** What an `ECS Service Action` says. */
export interface ServiceAction {
  readonly eventType: 'INFO' | 'WARN' | 'ERROR';
  readonly eventName: string;
  readonly reason?: string;
}

export const STEADY_STATE: ServiceAction = { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' };

/** Service messages that EventBridge has a name for, too. */
export const ACTIONS_OF_MESSAGES: Readonly<Partial<Record<ServiceMessageKind, ServiceAction>>> = {
  TASK_START_IMPAIRED: { eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' },
};

/** No instance took the tasks; the reason is the one that most instances gave. */
export function placementFailure(failures: readonly RecordedPlacementFailure[]): ServiceAction {
  const action = { eventType: 'ERROR', eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' } as const;
  const [commonest] = countByReason(failures);
  return commonest === undefined ? action : { ...action, reason: commonest.reason };
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

/** How many instances gave each reason, the commonest first, then by text. */
export function countByReason(failures: readonly { readonly reason: string }[]): readonly ReasonCount[] {
  const counts = new Map<string, number>();
  for (const { reason } of failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

/** The `detail` of an `ECS Service Action` as JSON. */
export function serviceActionText(action: ServiceAction, clusterArn: string, at: number): string {
  const to = new TextMembers();
  to.word('eventType', action.eventType);
  to.word('eventName', action.eventName);
  to.word('clusterArn', clusterArn);
  to.moment('createdAt', at);
  to.text('reason', action.reason);
  return to.finish();
}

/**
 * The `detail` of an `ECS Deployment State Change` as JSON. Cluster and service are more than ECS shows; receivers have
 * asked for them.
 */
export function deploymentText(
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
  deployment: { readonly deploymentId: string; readonly reason: string },
  where: { readonly clusterArn: string; readonly serviceArn: string },
  at: number,
): string {
  const to = new TextMembers();
  to.word('eventType', state === 'FAILED' ? 'ERROR' : 'INFO');
  to.word('eventName', `SERVICE_DEPLOYMENT_${state}`);
  to.word('clusterArn', where.clusterArn);
  to.word('serviceArn', where.serviceArn);
  to.word('deploymentId', deployment.deploymentId);
  to.moment('updatedAt', at);
  to.text('reason', deployment.reason);
  return to.finish();
}
