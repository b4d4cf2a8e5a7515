import type { Rejection, ServiceSpec, TaskDefinition } from '#libs/ecs/messages';
import { invalidParameter } from '../shared/rejections.ts';
import { checkPlacement } from '../task/placement-rules.ts';
import { checkNetwork, checkPublicAddress } from '../task/standalone-task.ts';
import { HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX } from './service-limits.ts';

/** Checks what a service would consist of against the task definition that it would run. */
export function checkServiceMembers(spec: ServiceSpec, taskDefinition: TaskDefinition): Rejection | null {
  return (
    checkPlacement(spec.placementConstraints, spec.placementStrategy, taskDefinition, spec.launchType) ??
    checkNetwork(taskDefinition, spec.networkConfiguration) ??
    checkPublicAddress(spec.networkConfiguration, spec.launchType) ??
    checkGracePeriod(spec.healthCheckGracePeriodSeconds, taskDefinition)
  );
}

/** Without anything that could fail in the meantime a grace period is a mistake. */
function checkGracePeriod(seconds: number | undefined, { containerDefinitions }: TaskDefinition): Rejection | null {
  if (seconds === undefined || seconds === 0) return null;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX) {
    return invalidParameter(
      `healthCheckGracePeriodSeconds must be between 0 and ${HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX}.`,
    );
  }
  if (containerDefinitions.some(({ healthCheck }) => healthCheck !== undefined)) return null;
  return invalidParameter('Health check grace period is only valid for services configured to use load balancers');
}
