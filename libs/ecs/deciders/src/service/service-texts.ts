/** `rolloutStateReason` of deployments. Clients match on these texts. */
export const rolloutReasons = {
  inProgress: (deploymentId: string): string => `ECS deployment ${deploymentId} in progress.`,
  completed: (deploymentId: string): string => `ECS deployment ${deploymentId} completed.`,
  failed: 'ECS deployment circuit breaker: tasks failed to start.',
  rollingBack: (deploymentId: string): string =>
    `ECS deployment circuit breaker: rolling back to deploymentId ${deploymentId}.`,
} as const;

/** The service message whose posting is the announcement of the steady state. */
export const STEADY_STATE_MESSAGE = 'has reached a steady state.';

/** The service message for a deployment that minimumHealthyPercent and maximumPercent leave no way. */
export const CONFIGURATION_BLOCKS_MESSAGE =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
  'Update the minimumHealthyPercent or maximumPercent value and try again.';

/** `stoppedReason` of a task whose container health check failed: such a stop counts as a failure of its deployment. */
export const FAILED_HEALTH_CHECKS_REASON = 'Task failed container health checks';

/** The text of a service message with its prefix, as DescribeServices shows it. */
export function prefixedMessage(serviceName: string, message: string): string {
  return `(service ${serviceName}) ${message}`;
}
