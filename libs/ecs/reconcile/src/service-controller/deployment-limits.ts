import { BREAKER_PERCENT_DEFAULT } from '#libs/ecs/deciders';
import type { ServiceState } from '#libs/ecs/deciders';
import type { DeploymentConfiguration } from '#libs/ecs/messages';

/** What BOUNDED_PERCENT is bounded by. */
const BREAKER_FAILURES_MIN = 3;
const BREAKER_FAILURES_MAX = 200;

/** At least this many tasks must stay healthy while tasks are replaced (S10). */
export function healthyTasksMin(desiredCount: number, { minimumHealthyPercent }: DeploymentConfiguration): number {
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100);
}

/** How many failures in a row fail a deployment, or null without a circuit breaker. */
export function breakerThreshold(desiredCount: number, configuration: DeploymentConfiguration): number | null {
  const breaker = configuration.deploymentCircuitBreaker;
  if (breaker?.enable !== true) return null;
  const { type, value } = breaker.thresholdConfiguration ?? { type: 'BOUNDED_PERCENT', value: BREAKER_PERCENT_DEFAULT };
  if (type === 'COUNT') return value;
  const share = Math.ceil((desiredCount * value) / 100);
  if (type === 'UNBOUNDED_PERCENT') return Math.max(1, share);
  return Math.min(BREAKER_FAILURES_MAX, Math.max(BREAKER_FAILURES_MIN, share));
}

/** Whether the circuit breaker is to roll a service back whose primary deployment fails, and can. */
export function canRollBack({ spec, deployments, lastCompleted }: ServiceState): boolean {
  const isAsked = spec.deploymentConfiguration.deploymentCircuitBreaker?.rollback === true;
  return isAsked && lastCompleted !== null && deployments[0]?.rollbackOf === null;
}
