import type { ClusterCommand, PostServiceMessage, StopServiceTasks } from '#libs/ecs/messages';
import {
  CONFIGURATION_BLOCKS_MESSAGE,
  excessByProvider,
  FAILED_HEALTH_CHECKS_REASON,
  placementStrategyOf,
  STEADY_STATE_MESSAGE,
} from '#libs/ecs/deciders';
import type { ClusterState, ServiceState, TaskState } from '#libs/ecs/deciders';
import { balanceOf } from './balance.ts';
import type { ServiceBalance } from './balance.ts';
import { canRollBack } from './deployment-limits.ts';
import { deploymentCompletedMessage, deploymentFailedMessage, scalingReason } from './messages.ts';
import { STANDINGS, standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import { serviceTasksThatFit } from './tasks-that-fit.ts';

/** What the plans of one round may still ask for together; what is left over is due at once, in the next decision. */
export interface Budget {
  starts: number;
  stops: number;
  /** Services that may start tasks. */
  services: number;
}

/** The circumstances of a plan. */
export interface PlanContext {
  /** ms since the epoch. */
  readonly at: number;
  readonly random: () => number;
  /** Tasks of this service on DRAINING instances. */
  readonly draining: ReadonlySet<string> | undefined;
}

/**
 * What one service needs now, as commands. Stops come before starts, so that maximumPercent holds at every step; ends of
 * deployments come last, when nothing else is due.
 */
export function planService(
  state: ClusterState,
  service: ServiceState,
  context: PlanContext,
  budget: Budget,
): readonly ClusterCommand[] {
  const { serviceName } = service;
  const balance = balanceOf(state, service, context.at, context.draining);
  if (balance.closes) return [{ type: 'CloseService', serviceName }];
  if (balance.fails) return failDeployment(service);
  const stops = chooseStops(state, service, balance, context, budget);
  return [...stops.commands, ...startTasks(service, balance, stops.count, budget), ...settle(service, balance)];
}

/**
 * Room may have come on these hosts: as many of the tasks that wait for room as fit now. The delay of the others goes on;
 * a start on mere hope would fill the log each time a task ends somewhere.
 */
export function planForRoom(
  state: ClusterState,
  service: ServiceState,
  hostIds: Iterable<string>,
  context: PlanContext,
  budget: Budget,
): readonly ClusterCommand[] {
  const balance = balanceOf(state, service, context.at, context.draining, true);
  const missing = Math.min(balance.starts, budget.starts);
  if (missing <= 0 || budget.services <= 0) return [];
  const count = serviceTasksThatFit(state, service, missing, hostIds, context.random);
  return count === 0 ? [] : startCommand(service, count, budget);
}

function failDeployment(service: ServiceState): readonly ClusterCommand[] {
  const { serviceName } = service;
  const deploymentId = service.deployments[0]?.deploymentId ?? '';
  const commands: ClusterCommand[] = [
    { type: 'SettleDeployment', serviceName, deploymentId, outcome: 'FAILED' },
    {
      type: 'PostServiceMessage',
      serviceName,
      kind: 'DEPLOYMENT_FAILED',
      message: deploymentFailedMessage(deploymentId),
      deploymentId,
    },
  ];
  if (canRollBack(service)) commands.push({ type: 'RollBackService', serviceName, failedDeploymentId: deploymentId });
  return commands;
}

function startTasks(
  service: ServiceState,
  { starts, delays, live, liveMax }: ServiceBalance,
  stopped: number,
  budget: Budget,
): readonly ClusterCommand[] {
  if (budget.services <= 0) return [];
  // The decider answers with the delay itself; the number does not matter, but must be possible.
  if (delays) return startCommand(service, 1, budget);
  const count = Math.min(starts, liveMax - live + stopped, budget.starts);
  return count <= 0 ? [] : startCommand(service, count, budget);
}

function startCommand(service: ServiceState, count: number, budget: Budget): readonly ClusterCommand[] {
  budget.starts -= count;
  budget.services -= 1;
  const { serviceName } = service;
  const deploymentId = service.deployments[0]?.deploymentId ?? '';
  return [{ type: 'StartServiceTasks', serviceName, deploymentId, count }];
}

function settle(service: ServiceState, balance: ServiceBalance): readonly ClusterCommand[] {
  const { serviceName } = service;
  const commands: ClusterCommand[] = balance.retires.map((deploymentId) => ({
    type: 'SettleDeployment',
    serviceName,
    deploymentId,
    outcome: 'RETIRED',
  }));
  const post = (message: Pick<PostServiceMessage, 'kind' | 'message' | 'deploymentId'>): void =>
    void commands.push({ type: 'PostServiceMessage', serviceName, ...message });
  if (balance.isBlocked) post({ kind: 'DEPLOYMENT_BLOCKED', message: CONFIGURATION_BLOCKS_MESSAGE });
  if (balance.completes) {
    const deploymentId = service.deployments[0]?.deploymentId ?? '';
    commands.push({ type: 'SettleDeployment', serviceName, deploymentId, outcome: 'COMPLETED' });
    post({ kind: 'DEPLOYMENT_COMPLETED', message: deploymentCompletedMessage(deploymentId), deploymentId });
  }
  if (balance.announcesSteady) post({ kind: 'STEADY_STATE', message: STEADY_STATE_MESSAGE });
  return commands;
}

interface Stops {
  readonly commands: readonly ClusterCommand[];
  readonly count: number;
}

/** Which tasks go: of each standing as many as are due, best first. */
function chooseStops(
  state: ClusterState,
  service: ServiceState,
  { stops }: ServiceBalance,
  context: PlanContext,
  budget: Budget,
): Stops {
  if (!STANDINGS.some((standing) => stops[standing] > 0)) return { commands: [], count: 0 };
  const candidates = byStanding(state, service, context);
  const unhealthy: string[] = [];
  const others: string[] = [];
  for (const standing of STANDINGS) {
    const count = Math.min(stops[standing], budget.stops);
    if (count <= 0) continue;
    const chosen = chooseTasks(state, service, candidates.get(standing) ?? [], count, context.random);
    budget.stops -= chosen.length;
    (standing === 'unhealthy' && service.status === 'ACTIVE' ? unhealthy : others).push(...chosen);
  }
  const reason = scalingReason(service.deployments[0]?.deploymentId ?? '');
  return {
    commands: [
      ...stopCommand(service, unhealthy, 'HEALTH_CHECK', FAILED_HEALTH_CHECKS_REASON),
      ...stopCommand(service, others, 'SCALING', reason),
    ],
    count: unhealthy.length + others.length,
  };
}

function stopCommand(
  { serviceName }: ServiceState,
  taskIds: readonly string[],
  cause: StopServiceTasks['cause'],
  reason: string,
): readonly ClusterCommand[] {
  return taskIds.length === 0 ? [] : [{ type: 'StopServiceTasks', serviceName, taskIds, cause, reason }];
}

function byStanding(
  state: ClusterState,
  service: ServiceState,
  { at, draining }: PlanContext,
): ReadonlyMap<Standing, readonly TaskState[]> {
  const found = new Map<Standing, TaskState[]>();
  for (const taskId of service.taskIds) {
    const task = state.tasks.get(taskId);
    const standing = task === undefined ? null : standingOf(service, task, at, draining);
    if (task === undefined || standing === null) continue;
    const tasks = found.get(standing);
    if (tasks === undefined) found.set(standing, [task]);
    else tasks.push(task);
  }
  return found;
}

/** Tasks without an instance first: they serve no request yet. The others as a scale-in orders them. */
function chooseTasks(
  state: ClusterState,
  service: ServiceState,
  tasks: readonly TaskState[],
  count: number,
  random: () => number,
): readonly string[] {
  if (tasks.length <= count) return tasks.map(({ taskId }) => taskId);
  const chosen: string[] = [];
  const placed: { taskId: string; hostId: string }[] = [];
  for (const { taskId, instanceId } of tasks) {
    if (instanceId !== null) placed.push({ taskId, hostId: instanceId });
    else if (chosen.length < count) chosen.push(taskId);
  }
  const left = count - chosen.length;
  const excess = excessByProvider(service, tasks, tasks.length - count);
  // Keeping the shares of capacity providers needs the whole order to choose from.
  const ordered = state.placement.scaleInOrder(
    placed,
    placementStrategyOf(service.spec),
    random,
    excess === null ? left : placed.length,
  );
  return [...chosen, ...(excess === null ? ordered : excessFirst(state, ordered, excess)).slice(0, left)];
}

/** Tasks of capacity providers that have too many come first; else the order stays. */
function excessFirst(state: ClusterState, ordered: readonly string[], excess: Map<string, number>): readonly string[] {
  const first: string[] = [];
  const others: string[] = [];
  for (const taskId of ordered) {
    const name = state.tasks.get(taskId)?.template.capacityProviderName ?? '';
    const tooMany = excess.get(name) ?? 0;
    if (tooMany > 0) excess.set(name, tooMany - 1);
    (tooMany > 0 ? first : others).push(taskId);
  }
  return [...first, ...others];
}
