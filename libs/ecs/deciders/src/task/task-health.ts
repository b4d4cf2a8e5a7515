import type { ContainerReport, HealthStatus, TaskDefinition } from '#libs/ecs/messages';

/**
 * The health of a task from its essential containers that have a health check: any UNHEALTHY, else any UNKNOWN, else
 * HEALTHY; UNKNOWN when none has one. A check of an image counts for nothing.
 */
export function taskHealth(taskDefinition: TaskDefinition, containers: readonly ContainerReport[]): HealthStatus {
  let health: HealthStatus | null = null;
  for (const { name, essential, healthCheck } of taskDefinition.containerDefinitions) {
    if (!essential || healthCheck === undefined) continue;
    const reported = containers.find((container) => container.name === name)?.healthStatus ?? 'UNKNOWN';
    if (reported === 'UNHEALTHY') return 'UNHEALTHY';
    if (health === null || reported === 'UNKNOWN') health = reported;
  }
  return health ?? 'UNKNOWN';
}
