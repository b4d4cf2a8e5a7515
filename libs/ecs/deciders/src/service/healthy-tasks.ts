import type { ClusterState, DeploymentState, ServiceState, TaskState } from '../cluster-state.ts';
import { SECOND_MILLISECONDS, TASK_HEALTHY_AFTER_RUNNING_SECONDS } from './service-limits.ts';

/** When a task that began to run at this moment counts as healthy by time alone (ms). */
export function healthyAfterRunningSince(runningSince: number): number {
  return runningSince + TASK_HEALTHY_AFTER_RUNNING_SECONDS * SECOND_MILLISECONDS;
}

/** How many RUNNING tasks of a deployment count as healthy at this moment. */
export function healthyTaskCount(deployment: DeploymentState, at: number): number {
  let unsettled = 0;
  for (const healthyAt of deployment.unsettled.values()) if (!isSettled(healthyAt, at)) unsettled += 1;
  return deployment.runningCount - unsettled;
}

export function isSettled(healthyAt: number | null, at: number): boolean {
  return healthyAt !== null && healthyAt <= at;
}

/** Until when a bad health check of this task is overlooked (ms); 0, long past, without a grace period. */
export function graceEndsAt(service: ServiceState, task: TaskState): number {
  const graceSeconds = service.spec.healthCheckGracePeriodSeconds ?? 0;
  if (graceSeconds === 0) return 0;
  return (task.runningSince ?? task.createdAt) + graceSeconds * SECOND_MILLISECONDS;
}

/** Tasks of a deployment whose health check failed, whether overlooked or not. Few: looked up, not counted. */
export function* unhealthyTasks(state: ClusterState, deployment: DeploymentState): Generator<TaskState> {
  if (!deployment.hasHealthCheck) return;
  for (const taskId of deployment.unsettled.keys()) {
    const task = state.tasks.get(taskId);
    if (task?.healthStatus === 'UNHEALTHY') yield task;
  }
}
