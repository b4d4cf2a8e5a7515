import type { ClusterEvent, PlacementFailure, RecordedPlacementFailure, TasksAnswer } from '#libs/ecs/messages';

/** The answer of RunTask and StartTask from what was recorded: the requested tasks, without those that found no place. */
export function tasksAnswer(events: readonly ClusterEvent[]): TasksAnswer {
  let taskIds: readonly string[] = [];
  const failures: PlacementFailure[] = [];
  for (const event of events) {
    // Tasks of services may follow in the same decision; they are not what was asked for.
    if (event.type === 'TasksRequested' && event.template.serviceName === undefined) {
      // One per capacity provider of the request.
      taskIds = [...taskIds, ...event.taskIds];
    }
    if (event.type === 'TaskPlacementFailed' && event.serviceName === undefined) {
      taskIds = taskIds.filter((taskId) => !event.taskIds.includes(taskId));
      failures.push(...event.failures.map(answeredFailure));
    }
  }
  return { taskIds, failures };
}

/** A recorded failure as it is answered. */
export function answeredFailure({ containerInstanceId, reason, detail }: RecordedPlacementFailure): PlacementFailure {
  return { instanceId: containerInstanceId, reason, ...(detail !== undefined && { detail }) };
}
