import type { ContainerReport, ContainerStatus, NetworkBinding, TaskDefinition, TaskReport } from '#libs/ecs/messages';
import { definitionOf, isStarting } from './known.ts';
import type { ContainerPhase, KnownContainer, KnownTask } from './known.ts';

/** As the control plane knows the life of a container. */
export const REPORTED_STATUS: Readonly<Record<ContainerPhase, ContainerStatus>> = {
  NONE: 'PENDING',
  PULLED: 'PENDING',
  CREATED: 'PENDING',
  RUNNING: 'RUNNING',
  RESTARTING: 'RUNNING',
  STOPPED: 'STOPPED',
};

/** Whether the control plane would learn anything: it knows of the task, and that it is being prepared. */
export function isWorthReporting(known: KnownTask): boolean {
  if (known.unwanted || known.revision <= known.durableRevision) return false;
  if (!isStarting(known)) return true;
  // It has been waiting for the address.
  if (known.status === 'PENDING' && known.networkInterface !== null) return true;
  return known.containers.some(({ phase, uncertain }) => !uncertain && (phase === 'RUNNING' || phase === 'STOPPED'));
}

/** The whole known state of a task. */
export function taskReport(known: KnownTask, definition: TaskDefinition | undefined): TaskReport {
  return {
    taskId: known.taskId,
    knownStatus: known.status,
    containers: known.containers
      .filter(({ name }) => definition === undefined || definitionOf(definition, name) !== undefined)
      .map((container) => containerReport(container, definition)),
    ...(known.networkInterface === null ? {} : { networkInterface: known.networkInterface }),
    ...(known.ending === null ? {} : known.ending),
    ...(known.pullStartedAt === null ? {} : { pullStartedAt: known.pullStartedAt }),
    ...(known.pullStoppedAt === null ? {} : { pullStoppedAt: known.pullStoppedAt }),
    ...(known.startedAt === null ? {} : { startedAt: known.startedAt }),
    ...(known.executionStoppedAt === null ? {} : { executionStoppedAt: known.executionStoppedAt }),
  };
}

function containerReport(container: KnownContainer, definition: TaskDefinition | undefined): ContainerReport {
  const bindings = networkBindings(container, definition);
  const hasEnded = container.phase === 'STOPPED';
  return {
    name: container.name,
    lastStatus: REPORTED_STATUS[container.phase],
    ...(container.runtimeId === null ? {} : { runtimeId: container.runtimeId }),
    ...(container.imageDigest === null ? {} : { imageDigest: container.imageDigest }),
    ...(container.exitCode === null || !hasEnded ? {} : { exitCode: container.exitCode }),
    ...(container.reason === null || !hasEnded ? {} : { reason: container.reason }),
    ...(bindings.length === 0 ? {} : { networkBindings: bindings }),
    ...(container.gpuIds.length === 0 ? {} : { gpuIds: container.gpuIds }),
    ...(container.healthStatus === null ? {} : { healthStatus: container.healthStatus }),
  };
}

/** In network mode `host` the runtime publishes nothing; ECS shows the mapped ports all the same. */
function networkBindings(container: KnownContainer, definition: TaskDefinition | undefined): readonly NetworkBinding[] {
  if (definition?.networkMode !== 'host' || container.startedAt === null) return container.networkBindings;
  return (definitionOf(definition, container.name)?.portMappings ?? []).flatMap(({ containerPort, protocol }) =>
    containerPort === undefined
      ? []
      : [
          {
            bindIP: '0.0.0.0',
            containerPort,
            hostPort: containerPort,
            protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
          },
        ],
  );
}
