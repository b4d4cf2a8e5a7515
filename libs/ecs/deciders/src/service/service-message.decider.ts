import type { ClusterEvent, PostServiceMessage, ServiceMessageKind, ServiceMessagePosted } from '#libs/ecs/messages';
import { accept } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { MESSAGE_REPEAT_MS, RECENT_MESSAGES_MAX } from './service-limits.ts';
import { findService } from './service-rejections.ts';
import { prefixedMessage } from './service-texts.ts';

/** Kinds that are about a condition, which lasts; all others are about something that happened once. */
const LASTING: ReadonlySet<ServiceMessageKind> = new Set([
  'TASK_PLACEMENT_FAILED',
  'TASK_START_IMPAIRED',
  'DEPLOYMENT_BLOCKED',
]);

/**
 * Posts a line of DescribeServices' `events`. The same line is skipped until its cause has passed or six hours have.
 * The steady state's line is its announcement too.
 */
export function decidePostServiceMessage(
  state: ClusterState,
  { serviceName, kind, message, deploymentId }: PostServiceMessage,
  { at, ids }: DecisionContext,
): ClusterDecision {
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const { service } = found;
  const text = prefixedMessage(serviceName, message);
  const isLasting = LASTING.has(kind);
  if (isLasting && isSilent(service, text, at)) return accept();
  const posted: ServiceMessagePosted = {
    type: 'ServiceMessagePosted',
    v: 1,
    serviceName,
    messageId: ids.uuid(),
    kind,
    message: text,
    ...(deploymentId !== undefined && { deploymentId }),
    ...(isLasting && { silentUntil: at + MESSAGE_REPEAT_MS }),
    ...(isLasting && service.recentMessages.size >= RECENT_MESSAGES_MAX && { forgetsOldest: true }),
  };
  if (kind === 'STEADY_STATE') {
    if (service.steady && wasLately(service.steadyAt, at)) return accept();
    return accept<ClusterEvent>({ type: 'ServiceSteadyStateReached', v: 1, serviceName }, posted);
  }
  return accept(posted);
}

function isSilent({ recentMessages }: ServiceState, text: string, at: number): boolean {
  const silentUntil = recentMessages.get(text);
  return silentUntil !== undefined && at < silentUntil;
}

function wasLately(moment: number | null, at: number): boolean {
  return moment !== null && at < moment + MESSAGE_REPEAT_MS;
}
