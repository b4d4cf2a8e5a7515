import type { DeploymentState } from '../cluster-state.ts';
import { SECOND_MS, TASK_HEALTHY_AFTER_RUNNING_SECONDS } from './service-limits.ts';

/** When a task that began to run at this moment counts as healthy by time alone (ms). */
export function healthyAfterRunningSince(runningSince: number): number {
  return runningSince + TASK_HEALTHY_AFTER_RUNNING_SECONDS * SECOND_MS;
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
