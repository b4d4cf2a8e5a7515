import type { HealthStatus, TaskStatus, TaskTemplate } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, TaskState } from '../cluster-state.ts';

/** What a service counts its tasks by, as it was before a change. */
export interface TaskMoment {
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly healthStatus: HealthStatus;
}

/** The moment before a change of a service's task; null for tasks that no service counts. */
export function momentOf(task: TaskState): TaskMoment | null {
  if (task.template.serviceName === undefined) return null;
  const { lastStatus, desiredStatus, healthStatus } = task;
  return { lastStatus, desiredStatus, healthStatus };
}

/** A task that a recorded fact names. */
export function taskOf(state: ClusterState, taskId: string): TaskState {
  const task = state.tasks.get(taskId);
  assert(task !== undefined, `a fact names the unknown task ${taskId}`);
  return task;
}

/** The images that the deployment of a template's tasks has settled on. */
export function imageDigestsOf(
  { services }: ClusterState,
  { serviceName, deploymentId }: TaskTemplate,
): Readonly<Record<string, string>> | null {
  const { deployments = [] } = services.get(serviceName ?? '') ?? {};
  return deployments.find((one) => one.deploymentId === deploymentId)?.imageDigests ?? null;
}
