import type {
  ClusterEvent,
  PlacementFailure,
  PlaceTasks,
  RecordedPlacementFailure,
  TaskPlacement,
  TasksPlaced,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import { REFUSALS } from '#libs/ecs/placement';
import type { Refusal } from '#libs/ecs/placement';
import type { ClusterState, TaskState } from '../cluster-state.ts';
import { containerInstanceOf } from '../container-instance/container-instance-of.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound } from '../shared/rejections.ts';
import { PlacementCheck } from './placement-check.ts';
import { taskOf } from './task-moment.ts';
import { taskDefinitionOf } from './wanted-set.ts';

/** The tasks of one request that found no place. */
interface Failed {
  readonly serviceName: string | undefined;
  readonly taskIds: string[];
  readonly failures: RecordedPlacementFailure[];
}

/**
 * Binds requested tasks to instances, or ends them where nothing fits. The scheduler looked at some state; here
 * each placement is checked against the state of now, so that a late or foolish scheduler can overbook nothing. Tasks
 * that are unknown or placed already are skipped.
 */
export function decidePlaceTasks(state: ClusterState, command: PlaceTasks): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const placed: TaskPlacement[] = [];
  /** By the number of the request. */
  const failed = new Map<number, Failed>();
  const settled = new Set<string>();
  const check = new PlacementCheck(state.placement);
  for (const placement of command.placements) {
    const task = unsettled(state, placement.taskId, settled);
    if (task === null) continue;
    // StartTask has named the instance; no scheduler may choose another.
    const instanceId = task.askedInstanceId ?? placement.instanceId;
    const refusal = instanceRefusal(state, task, instanceId) ?? check.refusalOf(task, instanceId);
    if (refusal === null) placed.push({ taskId: task.taskId, instanceId });
    else fail(failed, state, task, [{ instanceId, ...refusal }]);
  }
  for (const { taskIds, failures } of command.refused) {
    // The same failures stand once for all tasks of one request.
    const listed = new Set<number>();
    for (const taskId of taskIds) {
      const task = unsettled(state, taskId, settled);
      if (task === null) continue;
      const request = requestOf(state, task);
      fail(failed, state, task, listed.has(request) ? [] : failures);
      listed.add(request);
    }
  }
  const events: ClusterEvent[] = tasksPlaced(state, placed);
  for (const { serviceName, taskIds, failures } of failed.values()) {
    events.push({
      type: 'TaskPlacementFailed',
      v: 1,
      taskIds,
      failures,
      ...(serviceName === undefined ? {} : { serviceName }),
      ...(delaysStarts(state, serviceName) && { delaysStarts: true }),
    });
  }
  return accept(...events);
}

/** Tasks of network mode awsvpc are given an address by their hosts first; all others are prepared at once. */
function tasksPlaced(state: ClusterState, placed: readonly TaskPlacement[]): TasksPlaced[] {
  const [provisioning, pending]: [TaskPlacement[], TaskPlacement[]] = [[], []];
  for (const placement of placed) {
    const { networkMode } = taskDefinitionOf(state, taskOf(state, placement.taskId));
    (networkMode === 'awsvpc' ? provisioning : pending).push(placement);
  }
  const events: TasksPlaced[] = [];
  if (pending.length > 0) events.push({ type: 'TasksPlaced', v: 1, placements: pending.map(recordedPlacement) });
  if (provisioning.length === 0) return events;
  const placements = provisioning.map(recordedPlacement);
  return [...events, { type: 'TasksPlaced', v: 1, lastStatus: 'PROVISIONING', placements }];
}

/** A task that waits for its place and was not dealt with by this command yet. */
function unsettled(state: ClusterState, taskId: string, settled: Set<string>): TaskState | null {
  if (settled.has(taskId) || !state.unplacedTasks.has(taskId)) return null;
  settled.add(taskId);
  return state.tasks.get(taskId) ?? null;
}

/** Why an instance cannot take the task because of what it is. StartTask names any id, but knows no hosts of the pool. */
export function instanceRefusal(
  state: ClusterState,
  { askedInstanceId }: TaskState,
  instanceId: string,
): Refusal | null {
  const instance = askedInstanceId === null ? state.instances.get(instanceId) : containerInstanceOf(state, instanceId);
  if (instance !== undefined) return null;
  return { reason: state.inactiveInstanceIds.has(instanceId) ? REFUSALS.inactive : REFUSALS.missing };
}

function requestOf(state: ClusterState, { taskId }: TaskState): number {
  return state.unplacedTasks.get(taskId) ?? 0;
}

function fail(
  failed: Map<number, Failed>,
  state: ClusterState,
  task: TaskState,
  failures: readonly PlacementFailure[],
): void {
  const request = requestOf(state, task);
  let entry = failed.get(request);
  if (entry === undefined) {
    entry = { serviceName: task.template.serviceName, taskIds: [], failures: [] };
    failed.set(request, entry);
  }
  entry.taskIds.push(task.taskId);
  entry.failures.push(...failures.map(recordedFailure));
}

function recordedPlacement({ taskId, instanceId }: TaskPlacement): TasksPlaced['placements'][number] {
  return { taskId, containerInstanceId: instanceId };
}

function recordedFailure({ instanceId, reason, detail }: PlacementFailure): RecordedPlacementFailure {
  return { containerInstanceId: instanceId, reason, ...(detail !== undefined && { detail }) };
}

/** Without room, the next start of a service waits; while one waits already, nothing is added. */
function delaysStarts({ services }: ClusterState, serviceName: string | undefined): boolean {
  const service = serviceName === undefined ? undefined : services.get(serviceName);
  return service?.startsDelayedUntil === null;
}
