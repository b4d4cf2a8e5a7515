import {
  areStartsDelayed,
  CONFIGURATION_BLOCKS_MESSAGE,
  isDelayDue,
  liveTasksMax,
  MESSAGE_REPEAT_MS,
  prefixedMessage,
} from '#libs/ecs/deciders';
import type { ClusterState, DeploymentState, ServiceState } from '#libs/ecs/deciders';
import { breakerThreshold, healthyTasksMin } from './deployment-limits.ts';
import { countStandings, noStandings, STANDINGS, sumOf } from './standing.ts';
import type { StandingCounts } from './standing.ts';

/**
 * A deleted service stays DRAINING for at least this long, also without tasks, so that the response to DeleteService and
 * the first reads after it agree. In ECS it was still DRAINING after 4 seconds.
 */
const SERVICE_DRAINING_MIN_MS = 5_000;

/**
 * A deployment is IN_PROGRESS for at least this long, and older ones are listed as long, also where no task has to start or
 * stop. ECS takes 12 to 20 seconds for that.
 */
const DEPLOYMENT_MIN_MS = 2_000;

/** What a service needs at one moment: how many of which tasks, and what has come to its end. Nothing of it is due twice. */
export interface ServiceBalance {
  /** The primary deployment failed too often in a row; nothing else is due until that is settled. */
  readonly fails: boolean;
  /** Older deployments without a desired task. */
  readonly retires: readonly string[];
  /** Tasks to stop, by standing. */
  readonly stops: StandingCounts;
  /** Tasks to start as far as `liveMax` allows, once the stops are asked for. */
  readonly starts: number;
  /** Desired tasks before the stops. */
  readonly live: number;
  readonly liveMax: number;
  /** Starts are due but must wait from now on: how long comes first. */
  readonly delays: boolean;
  /** Percentages leave no way to go on, and that was not said lately. */
  readonly isBlocked: boolean;
  /** The primary deployment has come to its good end. */
  readonly completes: boolean;
  /** The steady state is to be announced. */
  readonly announcesSteady: boolean;
  /** DRAINING for long enough, and no task is left. */
  readonly closes: boolean;
}

const NOTHING: ServiceBalance = {
  fails: false,
  retires: [],
  stops: noStandings(),
  starts: 0,
  live: 0,
  liveMax: 0,
  delays: false,
  isBlocked: false,
  completes: false,
  announcesSteady: false,
  closes: false,
};

/**
 * The rolling update and everything that keeps the count, as one rule: whatever has to go is replaced
 * within [healthyTasksMin, liveTasksMax], be it of an older deployment, on a DRAINING instance or unhealthy.
 * `ignoreDelay`: room has come, so starts that wait for room are due now.
 */
export function balanceOf(
  state: ClusterState,
  service: ServiceState,
  at: number,
  draining?: ReadonlySet<string>,
  ignoreDelay = false,
): ServiceBalance {
  if (service.status !== 'ACTIVE') return closingBalance(state, service, at, draining);
  const primary = service.deployments[0];
  if (primary === undefined) return NOTHING;
  if (primary.rolloutState === 'IN_PROGRESS' && isBroken(service, primary)) return { ...NOTHING, fails: true };

  const counts = countStandings(state, service, at, draining);
  const live = sumOf(counts);
  const liveMax = liveTasksMax(service.desiredCount, service.spec.deploymentConfiguration);
  const maySettle = at >= settlingDueAt(primary);
  const retires = maySettle ? service.deployments.slice(1).filter(isEmpty) : [];
  const base = { ...NOTHING, live, liveMax, retires: retires.map(({ deploymentId }) => deploymentId) };
  // The circuit breaker has ended this deployment: what runs stays, and nothing is started.
  if (primary.rolloutState === 'FAILED') return { ...base, stops: excess(counts, live - liveMax) };

  const stops = dueStops(service, counts);
  const missing = missingTasks(service, counts, stops);
  const stopped = sumOf(stops);
  const starts = Math.min(missing, Math.max(0, liveMax - live + stopped));
  if (missing > 0) {
    if (areStartsDelayed(service, at) && !ignoreDelay) return { ...base, stops };
    if (starts > 0) return isDelayDue(service) ? { ...base, stops, delays: true } : { ...base, stops, starts };
    if (stopped > 0 || isOnItsWay(counts)) return { ...base, stops };
    return makeWay(base, service, counts, at);
  }
  const isSettled = counts.healthy === live && service.deployments.length - retires.length === 1;
  if (stopped > 0 || !isSettled || !maySettle) return { ...base, stops };
  return {
    ...base,
    completes: primary.rolloutState === 'IN_PROGRESS',
    announcesSteady: !service.steady || service.steadyAt === null || at >= service.steadyAt + MESSAGE_REPEAT_MS,
  };
}

/** Whether anything is due. */
export function isInBalance(balance: ServiceBalance): boolean {
  return !(
    balance.fails ||
    balance.retires.length > 0 ||
    balance.starts > 0 ||
    balance.delays ||
    balance.isBlocked ||
    balance.completes ||
    balance.announcesSteady ||
    balance.closes ||
    sumOf(balance.stops) > 0
  );
}

function closingBalance(
  state: ClusterState,
  service: ServiceState,
  at: number,
  draining: ReadonlySet<string> | undefined,
): ServiceBalance {
  const stops = countStandings(state, service, at, draining);
  // Older deployments are listed as DRAINING until their last task has STOPPED.
  const retires = service.deployments.slice(1).filter((one) => isEmpty(one) && one.stoppingCount === 0);
  return {
    ...NOTHING,
    stops,
    retires: retires.map(({ deploymentId }) => deploymentId),
    closes: service.taskIds.size === 0 && at >= closingDueAt(service),
  };
}

/** When a deployment may come to its good end, and older ones leave the list, at the earliest (ms). */
export function settlingDueAt({ createdAt }: DeploymentState): number {
  return createdAt + DEPLOYMENT_MIN_MS;
}

/** When a DRAINING service without tasks becomes INACTIVE (ms). */
export function closingDueAt({ drainingSince }: ServiceState): number {
  return drainingSince === null ? Infinity : drainingSince + SERVICE_DRAINING_MIN_MS;
}

function isBroken(service: ServiceState, { failedTasks }: DeploymentState): boolean {
  const threshold = breakerThreshold(service.desiredCount, service.spec.deploymentConfiguration);
  return threshold !== null && failedTasks >= threshold;
}

function isEmpty({ pendingCount, runningCount }: DeploymentState): boolean {
  return pendingCount + runningCount === 0;
}

/** The first tasks to give up, in the order of STANDINGS, until `tooMany` are found. */
function excess(counts: StandingCounts, tooMany: number): StandingCounts {
  const stops = noStandings();
  let left = tooMany;
  for (const standing of STANDINGS) {
    if (left <= 0) break;
    stops[standing] = Math.min(left, counts[standing]);
    left -= stops[standing];
  }
  return stops;
}

function dueStops(service: ServiceState, counts: StandingCounts): StandingCounts {
  const { desiredCount } = service;
  const healthyMin = healthyTasksMin(desiredCount, service.spec.deploymentConfiguration);
  const stops = noStandings();
  // What never ran serves no request: it goes at once.
  stops['to-replace-pending'] = counts['to-replace-pending'];
  let surplus = counts.pending + counts.settling + counts.healthy - desiredCount;
  for (const standing of ['pending', 'settling', 'healthy'] as const) {
    stops[standing] = Math.min(counts[standing], Math.max(0, surplus));
    surplus -= stops[standing];
  }
  const healthyKept = counts.healthy - stops.healthy;
  // An unhealthy task is kept until its replacement is healthy; one that turns unhealthy itself ends another.
  const unhealthyMax = Math.max(0, desiredCount - healthyKept);
  const tooUnhealthy = Math.max(0, counts.unhealthy + counts.overlooked - unhealthyMax);
  stops.unhealthy = Math.min(counts.unhealthy, tooUnhealthy);
  stops.overlooked = tooUnhealthy - stops.unhealthy;
  const healthy = healthyKept + counts['to-replace-healthy'];
  if (healthy >= healthyMin) {
    stops['to-replace-unhealthy'] = counts['to-replace-unhealthy'];
    stops['to-replace-settling'] = counts['to-replace-settling'];
    stops['to-replace-healthy'] = Math.min(counts['to-replace-healthy'], healthy - healthyMin);
  }
  return stops;
}

function missingTasks({ desiredCount }: ServiceState, counts: StandingCounts, stops: StandingCounts): number {
  let kept = 0;
  for (const standing of ['pending', 'settling', 'healthy', 'overlooked'] as const) {
    kept += counts[standing] - stops[standing];
  }
  return Math.max(0, desiredCount - kept);
}

/** Whether time or an agent's report may still open a way. */
function isOnItsWay(counts: StandingCounts): boolean {
  return (
    counts.pending +
      counts.settling +
      counts.overlooked +
      counts['to-replace-pending'] +
      counts['to-replace-settling'] >
    0
  );
}

/** No room to start, nothing to stop, nothing to wait for: unhealthy tasks make room one by one; else it is stuck. */
function makeWay(base: ServiceBalance, service: ServiceState, counts: StandingCounts, at: number): ServiceBalance {
  const standing = counts.unhealthy > 0 ? 'unhealthy' : 'to-replace-unhealthy';
  if (counts[standing] > 0) {
    const stops = { ...noStandings(), [standing]: 1 };
    if (base.live > base.liveMax) return { ...base, stops };
    return isDelayDue(service) ? { ...base, stops, delays: true } : { ...base, stops, starts: 1 };
  }
  return { ...base, isBlocked: at >= blockedMessageDueAt(service) };
}

/** When the message about the percentages may be posted again (ms). */
export function blockedMessageDueAt(service: ServiceState): number {
  return service.recentMessages.get(prefixedMessage(service.serviceName, CONFIGURATION_BLOCKS_MESSAGE)) ?? 0;
}
