import type { ClusterState, DeploymentState, ServiceState, TaskState } from '#libs/ecs/deciders';

/** Until when a bad health check of this task is overlooked (ms); 0, long past, without a grace period. */
export function graceEndsAt(service: ServiceState, task: TaskState): number {
  const graceSeconds = service.spec.healthCheckGracePeriodSeconds ?? 0;
  if (graceSeconds === 0) return 0;
  return (task.runningSince ?? task.createdAt) + graceSeconds * 1_000;
}

/** Tasks of a deployment whose health check failed, whether overlooked or not. Few: looked up, not counted. */
export function* unhealthyTasks(state: ClusterState, deployment: DeploymentState): Generator<TaskState> {
  if (!deployment.hasHealthCheck) return;
  for (const taskId of deployment.unsettled.keys()) {
    const task = state.tasks.get(taskId);
    if (task?.healthStatus === 'UNHEALTHY') yield task;
  }
}
