import type {
  ContainerDefinition,
  HealthStatus,
  NetworkBinding,
  TaskDefinition,
  TaskNetworkInterface,
  WantedTask,
} from '#libs/ecs/messages';

/**
 * How far one container has come. STOPPED also means: will never be made. The order is the life of a container; it only
 * moves to the right.
 */
export type ContainerPhase = 'NONE' | 'PULLED' | 'CREATED' | 'RUNNING' | 'STOPPED';

/** One container as this agent knows it. Rebuilt from labels and inspection after a restart; nothing of it is on disk. */
export interface KnownContainer {
  readonly name: string;
  phase: ContainerPhase;
  /** Something happened to it, or a call's outcome is unknown: it is inspected before anything is done. */
  uncertain: boolean;
  /** The runtime's id; null: not made, as far as we know. */
  runtimeId: string | null;
  /** It was made, and is gone from the runtime. */
  removed: boolean;
  imageDigest: string | null;
  exitCode: number | null;
  /** `<ErrorName>: <detail>`. */
  reason: string | null;
  networkBindings: readonly NetworkBinding[];
  /** null: the definition has no health check. */
  healthStatus: HealthStatus | null;
  /** ms since the epoch, by the runtime's clock. */
  startedAt: number | null;
  finishedAt: number | null;
  /** When it was first seen RUNNING, by our own clock: what we wait for is measured by one clock. */
  seenRunningAt: number | null;
  /** When the stop signal and the last SIGKILL were sent. */
  signalledAt: number | null;
  killedAt: number | null;
  /** What the container was made with; for tasks whose definition we no longer get. */
  stopTimeoutSeconds: number | null;
  pullAttempts: number;
  /** How often its restart policy has started it again, as far as this process knows. */
  restartCount: number;
}

/** Why the agent itself ends a task. */
export interface TaskEnding {
  readonly reason: string;
  readonly stopCode: 'TaskFailedToStart' | 'EssentialContainerExited';
}

/** One task as this agent knows it. Changed in place, by `applyResult` and `advance` only. */
export interface KnownTask {
  readonly taskId: string;
  /** Only moves forward. */
  status: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  /** Those of the definition, in its order. */
  readonly containers: KnownContainer[];
  /** The container that holds what the others share; null: they share nothing. */
  pause: KnownContainer | null;
  /** The address of a task of network mode awsvpc, once it has one. */
  networkInterface: TaskNetworkInterface | null;
  ending: TaskEnding | null;
  /** The control plane's whole set does not have it: it is stopped and removed without a report. */
  unwanted: boolean;
  pullStartedAt: number | null;
  pullStoppedAt: number | null;
  startedAt: number | null;
  executionStoppedAt: number | null;
  stoppedAt: number | null;
  /** Nothing is tried before this moment; 0: no pause. */
  retryAt: number;
  /** Calls in a row whose outcome stayed unknown. */
  failures: number;
  /** Counts what a report would show differently, and how far the log has it. */
  revision: number;
  durableRevision: number;
}

/** A known task for those who only read. */
export type ReadonlyKnownTask = Readonly<Omit<KnownTask, 'containers' | 'pause'>> & {
  readonly containers: readonly Readonly<KnownContainer>[];
  readonly pause: Readonly<KnownContainer> | null;
};

const NO_BINDINGS: readonly NetworkBinding[] = [];

export function newContainer(name: string): KnownContainer {
  return {
    name,
    phase: 'NONE',
    uncertain: false,
    runtimeId: null,
    removed: false,
    imageDigest: null,
    exitCode: null,
    reason: null,
    networkBindings: NO_BINDINGS,
    healthStatus: null,
    startedAt: null,
    finishedAt: null,
    seenRunningAt: null,
    signalledAt: null,
    killedAt: null,
    stopTimeoutSeconds: null,
    pullAttempts: 0,
    restartCount: 0,
  };
}

export function newTask(taskId: string): KnownTask {
  return {
    taskId,
    status: 'PENDING',
    containers: [],
    pause: null,
    networkInterface: null,
    ending: null,
    unwanted: false,
    pullStartedAt: null,
    pullStoppedAt: null,
    startedAt: null,
    executionStoppedAt: null,
    stoppedAt: null,
    retryAt: 0,
    failures: 0,
    revision: 1,
    durableRevision: 0,
  };
}

export function containerOf(known: KnownTask, name: string): KnownContainer | undefined {
  return known.containers.find((container) => container.name === name);
}

/** The container stands in the runtime, in whatever state. */
export function exists(container: KnownContainer): boolean {
  return container.runtimeId !== null && !container.removed;
}

export function definitionOf(definition: TaskDefinition | undefined, name: string): ContainerDefinition | undefined {
  return definition?.containerDefinitions.find((container) => container.name === name);
}

/** Gives the task one container for each of its definition, in that order; strangers found on the host stay last. */
export function alignContainers(known: KnownTask, definition: TaskDefinition): void {
  const names = definition.containerDefinitions.map(({ name }) => name);
  const strangers = known.containers.filter(({ name }) => !names.includes(name));
  const aligned = names.map((name) => containerOf(known, name) ?? newContainer(name));
  known.containers.splice(0, known.containers.length, ...aligned, ...strangers);
}

/** The task is on its way to STOPPED, for whatever reason. */
export function isStopping(wanted: WantedTask | undefined, known: KnownTask): boolean {
  return known.unwanted || known.ending !== null || wanted?.desiredStatus === 'STOPPED';
}
