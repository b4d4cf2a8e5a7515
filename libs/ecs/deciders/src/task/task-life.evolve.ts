import type { TasksForgotten, TaskStateChanged, TaskStopped, TaskStopRequested } from '#libs/ecs/messages';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, TaskState } from '../cluster-state.ts';
import { onServiceTaskChanged, onServiceTaskVerdict } from '../service/service-tasks.evolve.ts';
import { dropFirst, firstItem, pushItem } from '../shared/fifo.ts';
import { forgetTokenWith } from './client-token.evolve.ts';
import { momentOf, taskOf } from './task-moment.ts';

/** What the task's own agent reported. Its wanted set keeps its version: the agent knows already. */
export function evolveTaskStateChanged(state: ClusterState, event: TaskStateChanged, at: number): void {
  const { lastStatus } = event;
  const task = taskOf(state, event.taskId);
  assert(
    TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK[task.lastStatus] && task.lastStatus !== 'STOPPED',
    `task ${task.taskId} would go back from ${task.lastStatus} to ${lastStatus}`,
  );
  const before = momentOf(task);
  if (lastStatus === 'RUNNING' || event.startedAt !== undefined) task.runningSince ??= at;
  task.containers = event.containers;
  task.privateIpv4Address = event.networkInterface?.privateIpv4Address ?? task.privateIpv4Address;
  task.healthStatus = event.healthStatus ?? 'UNKNOWN';
  task.lastStatus = lastStatus;
  // Not requested to stop, and yet it ends: an essential container is gone. It is never started again (S6).
  if (TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK.STOPPING) task.desiredStatus = 'STOPPED';
  if (lastStatus === 'STOPPED') {
    task.stopCode ??= event.stopCode ?? null;
    task.stoppedReason ??= event.stoppedReason ?? null;
    end(state, task, at);
  }
  if (before === null) return;
  onServiceTaskChanged(state, task, before);
  onServiceTaskVerdict(state, task, event);
}

export function evolveTaskStopRequested(state: ClusterState, event: TaskStopRequested): void {
  const task = taskOf(state, event.taskId);
  const before = momentOf(task);
  task.desiredStatus = 'STOPPED';
  task.stopCode = event.stopCode;
  task.stoppedReason = event.stoppedReason;
  countAssignment(state, task);
  if (before === null) return;
  onServiceTaskChanged(state, task, before);
  onServiceTaskVerdict(state, task, event);
}

/** Without its agent's word: the instance is being deregistered, or the task never had one. */
export function evolveTaskStopped(state: ClusterState, event: TaskStopped, at: number): void {
  const task = taskOf(state, event.taskId);
  const before = momentOf(task);
  task.desiredStatus = 'STOPPED';
  task.lastStatus = 'STOPPED';
  task.stopCode = event.stopCode;
  task.stoppedReason = event.stoppedReason;
  countAssignment(state, task);
  end(state, task, at);
  if (before !== null) onServiceTaskChanged(state, task, before);
}

export function evolveTasksForgotten(state: ClusterState, event: TasksForgotten): void {
  for (const taskId of event.taskIds) {
    assert(firstItem(state.stoppedTaskIds) === taskId, `task ${taskId} is forgotten out of turn`);
    dropFirst(state.stoppedTaskIds);
    forgetTokenWith(state, taskOf(state, taskId));
    state.tasks.delete(taskId);
  }
}

/** Releases what the task held; only now may its ports be used again (S8). */
function end(state: ClusterState, task: TaskState, at: number): void {
  task.stoppedAt = at;
  state.unplacedTasks.delete(task.taskId);
  pushItem(state.stoppedTaskIds, task.taskId);
  if (task.instanceId === null) return;
  state.placement.release(task.instanceId, task.taskId);
  state.instances.get(task.instanceId)?.taskIds.delete(task.taskId);
}

/** One more change that the task's agent will be sent. */
export function countAssignment(state: ClusterState, task: TaskState): void {
  const instance = task.instanceId === null ? undefined : state.instances.get(task.instanceId);
  if (instance === undefined) return;
  instance.wantedVersion += 1;
  task.assignedVersion = instance.wantedVersion;
}
