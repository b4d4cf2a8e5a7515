import type { ClusterCommand, ClusterEvent, PlacementRefusal, PlaceTasks, TaskPlacement } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { DecisionContext, Saga } from '#libs/kernel';
import { instanceRefusal, placementStrategyOf } from '#libs/ecs/deciders';
import type { ClusterState, TaskState } from '#libs/ecs/deciders';
import { failuresOf } from './placement-failures.ts';

const NOTHING: readonly ClusterCommand[] = [];

/**
 * Finds a place for every task that was requested, in the same decision. It looks at what waits rather than at the
 * event: one request is placed a round, and the next round sees what the one before has taken.
 */
export const schedulerSaga: Saga<ClusterState, ClusterCommand, ClusterEvent> = {
  name: 'scheduler',
  react(state, _events, context) {
    if (state.unplacedTasks.size === 0) return NOTHING;
    const waiting = oldestRequest(state);
    const [first] = waiting;
    if (first === undefined) return NOTHING;
    return [
      first.askedInstanceId === null ? placeAnywhere(state, first, waiting, context) : placeAsAsked(state, waiting),
    ];
  },
  /** The writer before may have ended in the middle of a request. */
  nextDeadline: ({ unplacedTasks }) => (unplacedTasks.size > 0 ? 0 : null),
};

/** The tasks of the request that has waited longest: they are equal, so one search serves them all. */
function oldestRequest(state: ClusterState): readonly TaskState[] {
  const waiting: TaskState[] = [];
  let oldest: number | null = null;
  for (const [taskId, request] of state.unplacedTasks) {
    oldest ??= request;
    // Tasks of one request wait side by side.
    if (request !== oldest) break;
    const task = state.tasks.get(taskId);
    assert(task !== undefined, `the unknown task ${taskId} waits for its place`);
    waiting.push(task);
  }
  return waiting;
}

function placeAnywhere(
  state: ClusterState,
  { demand, template }: TaskState,
  waiting: readonly TaskState[],
  context: DecisionContext,
): PlaceTasks {
  const { hosts, refusals } = state.placement.place(
    {
      count: waiting.length,
      demand,
      launchType: template.launchType,
      group: template.group,
      constraints: template.placementConstraints,
      strategy: placementStrategyOf(template),
    },
    context.ids.random,
  );
  const placements = hosts.map((instanceId, i) => ({ taskId: waiting[i]?.taskId ?? '', instanceId }));
  const left = waiting.slice(hosts.length).map(({ taskId }) => taskId);
  return {
    type: 'PlaceTasks',
    placements,
    refused: left.length === 0 ? [] : [{ taskIds: left, failures: failuresOf(refusals, template.launchType) }],
  };
}

/** StartTask: each task goes where it was asked to, or nowhere. */
function placeAsAsked(state: ClusterState, waiting: readonly TaskState[]): PlaceTasks {
  const placements: TaskPlacement[] = [];
  const refused: PlacementRefusal[] = [];
  for (const task of waiting) {
    const { taskId, askedInstanceId, demand, template } = task;
    const instanceId = askedInstanceId ?? '';
    const refusal =
      instanceRefusal(state, task, instanceId) ??
      state.placement.refusalOf(instanceId, {
        demand,
        launchType: template.launchType,
        group: template.group,
        constraints: template.placementConstraints,
      });
    if (refusal === null) placements.push({ taskId, instanceId });
    else refused.push({ taskIds: [taskId], failures: [{ instanceId, ...refusal }] });
  }
  return { type: 'PlaceTasks', placements, refused };
}
