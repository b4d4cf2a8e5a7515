import type {
  ContainerObservation,
  ContainerSpec,
  InventoryItem,
  OwnContainerSpec,
  PauseSpec,
} from '#libs/agents/core';
import type { NetworkBinding, TaskNetworkInterface } from '#libs/ecs/messages';

/** How one container behaves once it runs. */
export interface SimulatedBehaviour {
  /** Ends by itself after so many ms, with this code. Absent: runs until it is stopped. */
  readonly exitAfterMs?: number;
  readonly exitCode?: number;
  /** Does not heed the stop signal. */
  readonly stubborn?: boolean;
  readonly healthStatus?: 'HEALTHY' | 'UNHEALTHY';
}

/** What is kept of a container's spec: parts that many share. Not its environment. */
type KeptSpec =
  | Pick<OwnContainerSpec, 'kind' | 'taskId' | 'containerName' | 'runtimeName' | 'container' | 'taskDefinition'>
  | Pick<PauseSpec, 'kind' | 'taskId' | 'containerName' | 'runtimeName' | 'network' | 'sharesPid'>;

export interface SimulatedContainer {
  readonly runtimeId: string;
  readonly spec: KeptSpec;
  /** The runtime name of the container whose namespaces it joins, and which of them first. */
  readonly joins: Joined | null;
  readonly imageDigest: string | undefined;
  behaviour: SimulatedBehaviour;
  phase: 'CREATED' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  networkBindings: readonly NetworkBinding[];
  /** A pause container's, from its first start until it is removed. */
  networkInterface: TaskNetworkInterface | null;
  readonly createdAt: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** Which of the host's runs that end by themselves it is in; undefined: in none. */
  run: number | undefined;
}

export interface Joined {
  readonly container: string;
  readonly namespace: 'network' | 'pid' | 'ipc';
}

export function keptSpec(spec: ContainerSpec): KeptSpec {
  const { taskId, containerName, runtimeName } = spec;
  const names = { taskId, containerName, runtimeName };
  if (spec.kind === 'pause') return { kind: spec.kind, ...names, network: spec.network, sharesPid: spec.sharesPid };
  return { kind: spec.kind, ...names, container: spec.container, taskDefinition: spec.taskDefinition };
}

export function joinedBy(spec: ContainerSpec): Joined | null {
  if (spec.kind === 'pause') return null;
  for (const namespace of ['network', 'pid', 'ipc'] as const) {
    const owner = spec[namespace];
    if (typeof owner === 'object' && owner !== null) return { container: owner.container, namespace };
  }
  return null;
}

/** Why a container cannot join another one, in Docker's words; undefined: it can. */
export function joinProblem(
  { container, namespace }: Joined,
  owner: Pick<SimulatedContainer, 'runtimeId' | 'phase'> | undefined,
): string | undefined {
  if (owner === undefined) return `No such container: ${container}`;
  if (owner.phase === 'RUNNING') return undefined;
  if (namespace === 'network') return `cannot join network of a non running container: ${owner.runtimeId}`;
  const isNotRunning = `container ${owner.runtimeId} is not running`;
  return namespace === 'pid' ? isNotRunning : `can't join IPC of container ${owner.runtimeId}: ${isNotRunning}`;
}

export function observe(container: SimulatedContainer): ContainerObservation {
  const { runtimeId, spec, phase, exitCode, networkBindings, networkInterface, imageDigest } = container;
  const { startedAt, finishedAt } = container;
  const stopTimeoutSeconds = spec.kind === 'pause' ? undefined : spec.container.stopTimeout;
  return {
    runtimeId,
    phase,
    networkBindings,
    ...(imageDigest === undefined ? {} : { imageDigest }),
    ...(networkInterface === null || phase !== 'RUNNING' ? {} : { networkInterface }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...healthOf(container),
    ...(stopTimeoutSeconds === undefined ? {} : { stopTimeoutSeconds }),
  };
}

export function listed(container: SimulatedContainer): InventoryItem {
  const { spec, runtimeId, phase } = container;
  const { taskId, containerName } = spec;
  return { taskId, containerName, runtimeId, phase, ...(phase === 'RUNNING' ? healthOf(container) : {}) };
}

function healthOf({ spec, behaviour }: SimulatedContainer): Pick<ContainerObservation, 'healthStatus'> {
  if (spec.kind === 'pause' || spec.container.healthCheck === undefined) return {};
  return { healthStatus: behaviour.healthStatus ?? 'HEALTHY' };
}
