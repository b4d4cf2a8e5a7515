import type { DeploymentConfiguration, Rejection } from '#libs/contracts';
import { invalidParameter } from '../shared/rejections.ts';
import { unsupported } from './service-rejections.ts';

/** What a service gets that asks for nothing else (ecs-behaviour §14). */
export const DEFAULT_DEPLOYMENT_CONFIGURATION: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
  bakeTimeInMinutes: 0,
};

/** Below 100 % of maximum the desired count could never run, above 100 % of minimum no old task could ever stop. */
const MAXIMUM_PERCENT_MIN = 100;
const MAXIMUM_PERCENT_MAX = 2_147_483_647;
const MINIMUM_HEALTHY_PERCENT_MAX = 100;

const BREAKER_FAILURES_MIN = 3;
const BREAKER_FAILURES_MAX = 200;
const BREAKER_PERCENT = 50;
const THRESHOLD_TYPES = ['BOUNDED_PERCENT', 'UNBOUNDED_PERCENT', 'COUNT'];

/** What the circuit breaker may be told beyond `enable` and `rollback` (ecs-behaviour §15). */
interface CircuitBreaker {
  readonly enable?: boolean;
  readonly rollback?: boolean;
  readonly resetOnHealthyTask?: boolean;
  readonly thresholdConfiguration?: { readonly type?: string; readonly value?: number };
}

/** Members that this version does not act on, and whether a value says "no". */
const NOT_OFFERED: Readonly<Record<string, (value: unknown) => boolean>> = {
  strategy: (value) => value === 'ROLLING',
  bakeTimeInMinutes: (value) => value === 0,
  lifecycleHooks: (value) => Array.isArray(value) && value.length === 0,
  alarms: isOff,
  earlySuccessCriteria: isOff,
  linearConfiguration: () => false,
  canaryConfiguration: () => false,
};

function isOff(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'enable' in value && value.enable === false;
}

export function checkDeploymentConfiguration(configuration: Partial<DeploymentConfiguration>): Rejection | null {
  for (const [member, isHarmless] of Object.entries(NOT_OFFERED)) {
    const value = configuration[member];
    if (value !== undefined && value !== null && !isHarmless(value)) {
      return unsupported(`The deployment configuration member ${member} with this value`);
    }
  }
  const { maximumPercent, minimumHealthyPercent, deploymentCircuitBreaker } = configuration;
  if (!isPercent(maximumPercent, MAXIMUM_PERCENT_MIN, MAXIMUM_PERCENT_MAX)) {
    return invalidParameter(`maximumPercent must be a whole number of at least ${MAXIMUM_PERCENT_MIN}.`);
  }
  if (!isPercent(minimumHealthyPercent, 0, MINIMUM_HEALTHY_PERCENT_MAX)) {
    return invalidParameter(`minimumHealthyPercent must be a whole number from 0 to ${MINIMUM_HEALTHY_PERCENT_MAX}.`);
  }
  return deploymentCircuitBreaker === undefined ? null : checkCircuitBreaker(deploymentCircuitBreaker);
}

function isPercent(value: number | undefined, min: number, max: number): boolean {
  return value === undefined || (Number.isInteger(value) && value >= min && value <= max);
}

function checkCircuitBreaker({ thresholdConfiguration }: CircuitBreaker): Rejection | null {
  if (thresholdConfiguration === undefined) return null;
  const { type = '', value = 0 } = thresholdConfiguration;
  if (!THRESHOLD_TYPES.includes(type)) return invalidParameter(`Invalid circuit breaker threshold type: ${type}.`);
  if (!Number.isInteger(value) || value < 1) {
    return invalidParameter('The circuit breaker threshold value must be a whole number of at least 1.');
  }
  return null;
}

/** The configuration with what an update says; members that it leaves out stay as they are. */
export function mergedConfiguration(
  current: DeploymentConfiguration,
  update: Partial<DeploymentConfiguration> | undefined,
): DeploymentConfiguration {
  if (update === undefined) return current;
  const given = Object.entries(update).filter(([, value]) => value !== undefined && value !== null);
  return { ...current, ...Object.fromEntries(given) };
}

/** At least this many tasks must stay healthy while tasks are replaced (S10). */
export function healthyTasksMin(desiredCount: number, { minimumHealthyPercent }: DeploymentConfiguration): number {
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100);
}

/** At most this many tasks may be PENDING or RUNNING together (S10). */
export function liveTasksMax(desiredCount: number, { maximumPercent }: DeploymentConfiguration): number {
  return Math.floor((desiredCount * maximumPercent) / 100);
}

/** How many failures in a row fail a deployment, or null when nobody counts (ecs-behaviour §15). */
export function breakerThreshold(desiredCount: number, configuration: DeploymentConfiguration): number | null {
  const breaker: CircuitBreaker | undefined = configuration.deploymentCircuitBreaker;
  if (breaker?.enable !== true) return null;
  const { type = 'BOUNDED_PERCENT', value = BREAKER_PERCENT } = breaker.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((desiredCount * value) / 100);
  if (type === 'UNBOUNDED_PERCENT') return Math.max(1, share);
  return Math.min(BREAKER_FAILURES_MAX, Math.max(BREAKER_FAILURES_MIN, share));
}

export function rollsBack({ deploymentCircuitBreaker }: DeploymentConfiguration): boolean {
  return deploymentCircuitBreaker?.rollback === true;
}

/** Whether a task that becomes healthy sets the count of failures back to 0. */
export function resetsOnHealthyTask(configuration: DeploymentConfiguration): boolean {
  const breaker: CircuitBreaker | undefined = configuration.deploymentCircuitBreaker;
  return breaker?.resetOnHealthyTask !== false;
}
