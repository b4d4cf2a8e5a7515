import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { WantedTask } from '#libs/ecs/messages';

/** Levels only rise: STOPPED is never taken back, and what the log has seen stays seen. */
export function mergeWanted(before: WantedTask | undefined, task: WantedTask): WantedTask {
  if (before === undefined) return task;
  const lastStatus =
    TASK_STATUS_RANK[before.lastStatus] > TASK_STATUS_RANK[task.lastStatus] ? before.lastStatus : task.lastStatus;
  return { ...task, lastStatus, desiredStatus: before.desiredStatus === 'STOPPED' ? 'STOPPED' : task.desiredStatus };
}
