import type { Attribute, HealthStatus, TaskDefinition } from '#libs/ecs/messages';

/** What a task takes of its host. */
export interface TaskNeeds {
  readonly cpu: number;
  readonly memory: number;
  /** Fixed host ports as `tcp/8080`. */
  readonly ports: readonly string[];
  readonly hasHealthCheck: boolean;
  /** Its containers share an address: its task has one of its own. */
  readonly hasAddress: boolean;
  /** Its containers share an address or namespaces, which a pause container holds. */
  readonly hasPause: boolean;
  readonly requiredAttributes: readonly Attribute[];
}

/** What one task takes of its host. The simulated definitions have no overrides of sizes, and no network mode host or none. */
export function needsOf(definition: TaskDefinition | undefined): TaskNeeds {
  const containers = definition?.containerDefinitions ?? [];
  const hasAddress = definition?.networkMode === 'awsvpc';
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
  return {
    cpu: definition?.cpu === undefined ? sum(containers.map(({ cpu }) => cpu)) : Number(definition.cpu),
    memory:
      definition?.memory === undefined
        ? sum(containers.map(({ memory, memoryReservation }) => memoryReservation ?? memory ?? 0))
        : Number(definition.memory),
    ports: hasAddress
      ? []
      : containers.flatMap(({ portMappings }) =>
          portMappings.flatMap(({ hostPort = 0, protocol }) =>
            hostPort > 0 ? [`${protocol ?? 'tcp'}/${hostPort}`] : [],
          ),
        ),
    hasAddress,
    hasPause: hasAddress || definition?.pidMode === 'task' || definition?.ipcMode === 'task',
    hasHealthCheck: containers.some(({ essential, healthCheck }) => essential && healthCheck !== undefined),
    requiredAttributes: definition?.requiresAttributes ?? [],
  };
}

/** The health of a task by its essential containers that have a health check. */
export function healthOf(
  definition: TaskDefinition | undefined,
  reported: readonly { readonly name: string; readonly healthStatus?: HealthStatus }[],
): HealthStatus {
  const checked = (definition?.containerDefinitions ?? [])
    .filter(({ essential, healthCheck }) => essential && healthCheck !== undefined)
    .map(({ name }) => reported.find((container) => container.name === name)?.healthStatus ?? 'UNKNOWN');
  if (checked.length === 0) return 'UNKNOWN';
  if (checked.includes('UNHEALTHY')) return 'UNHEALTHY';
  return checked.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY';
}
