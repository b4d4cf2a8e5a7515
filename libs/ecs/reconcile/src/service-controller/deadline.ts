import { healthyTaskCount, MESSAGE_REPEAT_MS } from '#libs/ecs/deciders';
import type { ClusterState, ServiceState } from '#libs/ecs/deciders';
import { balanceOf, blockedMessageDueAt, closingDueAt, isInBalance, settlingDueAt } from './balance.ts';
import { healthyTasksMin } from './deployment-limits.ts';
import { drainingTasks } from './draining-tasks.ts';
import type { DrainingTasks } from './draining-tasks.ts';
import { graceEndsAt, unhealthyTasks } from './unhealthy-tasks.ts';

/** Deadlines that were worked out before, and after how many changes of the service. Derived: a fold finds them again. */
const knownDeadlines = new WeakMap<ServiceState, { readonly changes: number; readonly deadline: number }>();

/**
 * The next moment (ms) at which the service controller has something to do though nothing has happened, or null. 0, long
 * past, when it stopped at a limit of one decision. At that moment it does act: a deadline never comes twice.
 */
export function nextServiceDeadline(state: ClusterState): number | null {
  if (state.services.size === 0) return null;
  const draining = drainingTasks(state);
  let next = Infinity;
  for (const service of state.services.values()) next = Math.min(next, deadlineOf(state, service, draining));
  return next === Infinity ? null : next;
}

/** The services whose deadline has come. */
export function dueServices(state: ClusterState, at: number): ServiceState[] {
  const draining = drainingTasks(state);
  return [...state.services.values()].filter((service) => deadlineOf(state, service, draining) <= at);
}

function deadlineOf(state: ClusterState, service: ServiceState, draining: DrainingTasks): number {
  const leaving = draining.get(service.serviceName);
  if (leaving !== undefined) return findDeadline(state, service, leaving);
  const known = knownDeadlines.get(service);
  if (known !== undefined && known.changes === service.changes) return known.deadline;
  const deadline = findDeadline(state, service, undefined);
  knownDeadlines.set(service, { changes: service.changes, deadline });
  return deadline;
}

function findDeadline(state: ClusterState, service: ServiceState, leaving: ReadonlySet<string> | undefined): number {
  for (const moment of momentsOf(state, service, leaving)) {
    if (!isInBalance(balanceOf(state, service, moment, leaving))) return moment;
  }
  return Infinity;
}

/** The moments at which time alone may change the balance, in order; 0 stands for "whatever the time is". */
function momentsOf(
  state: ClusterState,
  service: ServiceState,
  leaving: ReadonlySet<string> | undefined,
): readonly number[] {
  const moments = [0, blockedMessageDueAt(service), ...graceMoments(state, service)];
  // Healthy tasks let others go, or let a deployment come to its end: neither while it only waits for its own to run.
  const isOnlyStarting = service.deployments.length === 1 && (service.deployments[0]?.pendingCount ?? 0) > 0;
  if (!isOnlyStarting || leaving !== undefined) moments.push(...settlingMoments(service));
  if (service.status === 'DRAINING') moments.push(closingDueAt(service));
  const primary = service.deployments[0];
  if (primary !== undefined) moments.push(settlingDueAt(primary));
  if (service.startsDelayedUntil !== null) moments.push(service.startsDelayedUntil);
  if (service.steadyAt !== null) moments.push(service.steadyAt + MESSAGE_REPEAT_MS);
  return moments.sort((a, b) => a - b);
}

/** When enough tasks are healthy to stop one that is not, or one that is; and when all are. */
function settlingMoments(service: ServiceState): readonly number[] {
  const moments: number[] = [];
  let healthy = 0;
  for (const deployment of service.deployments) {
    healthy += healthyTaskCount(deployment, 0);
    for (const healthyAt of deployment.unsettled.values()) if (healthyAt !== null) moments.push(healthyAt);
  }
  if (moments.length === 0) return moments;
  moments.sort((a, b) => a - b);
  const missing = healthyTasksMin(service.desiredCount, service.spec.deploymentConfiguration) - healthy;
  return [moments[missing - 1], moments[missing], moments.at(-1)].filter((moment) => moment !== undefined);
}

function graceMoments(state: ClusterState, service: ServiceState): readonly number[] {
  const moments: number[] = [];
  for (const deployment of service.deployments) {
    for (const task of unhealthyTasks(state, deployment)) moments.push(graceEndsAt(service, task));
  }
  return moments;
}
