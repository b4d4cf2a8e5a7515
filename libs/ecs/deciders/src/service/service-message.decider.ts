import type { PostServiceMessage } from '#libs/ecs/messages';
import { accept } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { MESSAGE_REPEAT_MILLISECONDS } from './service-limits.ts';
import { findService } from './service-rejections.ts';
import { prefixedMessage, STEADY_STATE_MESSAGE } from './service-texts.ts';

/**
 * Posts a line of DescribeServices' `events`. The same line is passed over until its cause has passed or six hours have.
 * The steady state's line is its announcement too.
 */
export function decidePostServiceMessage(
  state: ClusterState,
  { serviceName, message }: PostServiceMessage,
  { at, ids }: DecisionContext,
): ClusterDecision {
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const { service } = found;
  const text = prefixedMessage(serviceName, message);
  if (message === STEADY_STATE_MESSAGE) {
    if (service.steady && wasLately(service.steadyAt, at)) return accept();
    return accept(
      { type: 'ServiceSteadyStateReached', v: 1, serviceName },
      { type: 'ServiceMessagePosted', v: 1, serviceName, messageId: ids.uuid(), message: text },
    );
  }
  if (wasPostedLately(service, text, at)) return accept();
  return accept({ type: 'ServiceMessagePosted', v: 1, serviceName, messageId: ids.uuid(), message: text });
}

/**
 * Whether a line, given with its prefix, may come again word by word. Lines that tell of a condition, which lasts, say
 * "unable" in ECS; all others tell of something that happened once.
 */
export function isRepeatable(serviceName: string, text: string): boolean {
  return text.includes('unable', prefixedMessage(serviceName, '').length);
}

function wasPostedLately({ serviceName, recentMessages }: ServiceState, text: string, at: number): boolean {
  return isRepeatable(serviceName, text) && wasLately(recentMessages.get(text) ?? null, at);
}

function wasLately(moment: number | null, at: number): boolean {
  return moment !== null && at < moment + MESSAGE_REPEAT_MILLISECONDS;
}
