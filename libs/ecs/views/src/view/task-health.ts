import type { ContainerDefinition, ContainerReport, HealthStatus } from '#libs/ecs/messages';

/**
 * A task's health from its essential containers that have a check: any UNHEALTHY wins, then any UNKNOWN; HEALTHY when all
 * are. Without any check nothing is known.
 */
export function taskHealth(
  definitions: readonly ContainerDefinition[],
  reports: readonly ContainerReport[],
): HealthStatus {
  let health: HealthStatus | null = null;
  for (const definition of definitions) {
    if (!definition.essential || definition.healthCheck === undefined) continue;
    const status = reports.find((report) => report.name === definition.name)?.healthStatus ?? 'UNKNOWN';
    if (status === 'UNHEALTHY') return 'UNHEALTHY';
    health = health === 'UNKNOWN' ? 'UNKNOWN' : status;
  }
  return health ?? 'UNKNOWN';
}
