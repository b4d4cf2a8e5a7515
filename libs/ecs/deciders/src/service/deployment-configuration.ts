import type { DeploymentCircuitBreaker, DeploymentConfiguration, Rejection } from '#libs/ecs/messages';
import { invalidParameter, unsupported } from '../shared/rejections.ts';

/** BOUNDED_PERCENT of the desired count, where a circuit breaker has no other threshold. */
export const BREAKER_PERCENT_DEFAULT = 50;

/** What a service gets that asks for nothing else, as ECS fills it in. */
export const DEFAULT_DEPLOYMENT_CONFIGURATION: DeploymentConfiguration = {
  deploymentCircuitBreaker: {
    enable: false,
    rollback: false,
    resetOnHealthyTask: true,
    thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: BREAKER_PERCENT_DEFAULT },
  },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
  bakeTimeInMinutes: 0,
};

/** Below 100 % of maximum the desired count could never run, above 100 % of minimum no old task could ever stop. */
const MAXIMUM_PERCENT_MIN = 100;
const MINIMUM_HEALTHY_PERCENT_MAX = 100;

/** A deployment configuration as JSON: what is served takes a tenth of it. It is recorded with the service. */
const CONFIGURATION_CHARACTERS_MAX = 8_192;

/** The greatest value of each type of threshold. */
const THRESHOLD_MAX: ReadonlyMap<string, number> = new Map([
  ['BOUNDED_PERCENT', 100],
  ['UNBOUNDED_PERCENT', Infinity],
  ['COUNT', Infinity],
]);

const SERVED = ['maximumPercent', 'minimumHealthyPercent', 'deploymentCircuitBreaker'];
/** Members that this version does not act on, and whether a value says "no". */
const NOT_SERVED: Readonly<Record<string, (value: unknown) => boolean>> = {
  strategy: (value) => value === 'ROLLING',
  bakeTimeInMinutes: (value) => value === 0,
  lifecycleHooks: (value) => Array.isArray(value) && value.length === 0,
  alarms: isOff,
  earlySuccessCriteria: isOff,
};

function isOff(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'enable' in value && value.enable === false;
}

/** Checks what a request says about deployments. */
export function checkDeploymentConfiguration(
  configuration: Partial<DeploymentConfiguration> | undefined,
): Rejection | null {
  if (configuration === undefined) return null;
  for (const [member, value] of Object.entries(configuration)) {
    if (SERVED.includes(member) || value === undefined || value === null) continue;
    if (NOT_SERVED[member]?.(value) !== true) return unsupported(`The deployment configuration member ${member}`);
  }
  const { maximumPercent = MAXIMUM_PERCENT_MIN, minimumHealthyPercent = 0, deploymentCircuitBreaker } = configuration;
  if (maximumPercent < MAXIMUM_PERCENT_MIN) {
    return invalidParameter(`maximumPercent must be at least ${MAXIMUM_PERCENT_MIN}`);
  }
  if (minimumHealthyPercent < 0) return invalidParameter('minimumHealthyPercent must be at least 0');
  if (minimumHealthyPercent > MINIMUM_HEALTHY_PERCENT_MAX) {
    return invalidParameter(`minimumHealthyPercent must be at most ${MINIMUM_HEALTHY_PERCENT_MAX}`);
  }
  if (JSON.stringify(configuration).length > CONFIGURATION_CHARACTERS_MAX) {
    return invalidParameter(`deploymentConfiguration length must be at most ${CONFIGURATION_CHARACTERS_MAX}.`);
  }
  return checkThreshold(deploymentCircuitBreaker?.thresholdConfiguration);
}

function checkThreshold(threshold: DeploymentCircuitBreaker['thresholdConfiguration']): Rejection | null {
  if (threshold === undefined) return null;
  const max = THRESHOLD_MAX.get(threshold.type);
  if (max === undefined) return invalidParameter('Invalid deployment circuit breaker threshold type.');
  if (threshold.value >= 1 && threshold.value <= max) return null;
  return invalidParameter('Invalid deployment circuit breaker threshold value.');
}

/** The configuration with what a request says; members that it leaves out stay as they are. */
export function mergedConfiguration(
  current: DeploymentConfiguration,
  update: Partial<DeploymentConfiguration> | undefined,
): DeploymentConfiguration {
  if (update === undefined) return current;
  const { deploymentCircuitBreaker, ...others } = withoutNothing(update);
  return {
    ...current,
    ...others,
    ...(deploymentCircuitBreaker === undefined
      ? {}
      : { deploymentCircuitBreaker: mergedBreaker(current.deploymentCircuitBreaker, deploymentCircuitBreaker) }),
  };
}

/** Nothing is rolled back by a breaker that is off, and ECS says so. */
function mergedBreaker(
  current: DeploymentCircuitBreaker | undefined,
  update: DeploymentCircuitBreaker,
): DeploymentCircuitBreaker {
  const merged = { ...current, ...withoutNothing(update) };
  return { ...merged, rollback: merged.enable && merged.rollback };
}

function withoutNothing<Members extends object>(members: Members): Members {
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Members;
}

/** At most this many tasks may be PENDING or RUNNING together (S10). */
export function liveTasksMax(desiredCount: number, { maximumPercent }: DeploymentConfiguration): number {
  return Math.floor((desiredCount * maximumPercent) / 100);
}

/** Whether a task that becomes healthy sets the count of failures back to 0. */
export function resetsOnHealthyTask({ deploymentCircuitBreaker }: DeploymentConfiguration): boolean {
  return deploymentCircuitBreaker?.resetOnHealthyTask !== false;
}
