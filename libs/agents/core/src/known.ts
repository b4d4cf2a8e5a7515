import type {
  ContainerDefinition,
  HealthStatus,
  NetworkBinding,
  ReportedTaskStatus,
  TaskDefinition,
  TaskNetworkInterface,
  WantedTask,
} from '#libs/ecs/messages';
import { needsPause, PAUSE_CONTAINER_NAME } from './pause-container.ts';

/**
 * How far one container has come. STOPPED also means: will never be made. The order is the life of a container; it only
 * moves to the right, except that its restart policy leads from RUNNING to RESTARTING (it has ended, and is to run again
 * in place) and back.
 */
export type ContainerPhase = 'NONE' | 'PULLED' | 'CREATED' | 'RUNNING' | 'RESTARTING' | 'STOPPED';

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
  /** It can never be what it should be: whatever becomes of it, it counts as ended. */
  givenUp: boolean;
  /** The image that its pull has found, in the runtime's words; null: not pulled, or the runtime gives images no id. */
  imageId: string | null;
  imageDigest: string | null;
  exitCode: number | null;
  /** `<ErrorName>: <detail>`. */
  reason: string | null;
  networkBindings: readonly NetworkBinding[];
  gpuIds: readonly string[];
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
  /** Pulls that failed; of a pause container, starts that brought no address. */
  failedAttempts: number;
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
  status: ReportedTaskStatus;
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
const NO_GPUS: readonly string[] = [];

export function newContainer(name: string): KnownContainer {
  return {
    name,
    phase: 'NONE',
    uncertain: false,
    runtimeId: null,
    removed: false,
    givenUp: false,
    imageId: null,
    imageDigest: null,
    exitCode: null,
    reason: null,
    networkBindings: NO_BINDINGS,
    gpuIds: NO_GPUS,
    healthStatus: null,
    startedAt: null,
    finishedAt: null,
    seenRunningAt: null,
    signalledAt: null,
    killedAt: null,
    stopTimeoutSeconds: null,
    failedAttempts: 0,
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
  if (name === PAUSE_CONTAINER_NAME) return known.pause ?? undefined;
  return known.containers.find((container) => container.name === name);
}

/** One that was found on the host. */
export function adopt(known: KnownTask, container: KnownContainer): void {
  if (container.name === PAUSE_CONTAINER_NAME) known.pause = container;
  else known.containers.push(container);
}

/** One whose state must be looked at before anything is done. */
export function uncertainContainer({ pause, containers }: KnownTask): KnownContainer | undefined {
  return pause?.uncertain === true ? pause : containers.find(({ uncertain }) => uncertain);
}

/** The container stands in the runtime, in whatever state. */
export function exists(container: KnownContainer): boolean {
  return container.runtimeId !== null && !container.removed;
}

/** It runs, or is to run again at once. */
export function isUp({ phase }: KnownContainer): boolean {
  return phase === 'RUNNING' || phase === 'RESTARTING';
}

/** It has been started, or will never be. */
export function hasBegun(container: KnownContainer): boolean {
  return isUp(container) || container.phase === 'STOPPED';
}

/** The task has not been RUNNING yet, as far as this process knows. */
export function isStarting({ status }: KnownTask): boolean {
  return status === 'PROVISIONING' || status === 'PENDING';
}

export function definitionOf(definition: TaskDefinition | undefined, name: string): ContainerDefinition | undefined {
  return definition?.containerDefinitions.find((container) => container.name === name);
}

/**
 * Gives the task one container for each of its definition, in that order, and a pause container if they share anything;
 * strangers found on the host stay last.
 */
export function alignContainers(known: KnownTask, definition: TaskDefinition): void {
  if (needsPause(definition)) known.pause ??= newContainer(PAUSE_CONTAINER_NAME);
  const awaitsAddress = definition.networkMode === 'awsvpc' && known.networkInterface === null;
  if (awaitsAddress && known.status === 'PENDING') known.status = 'PROVISIONING';
  const names = definition.containerDefinitions.map(({ name }) => name);
  const strangers = known.containers.filter(({ name }) => !names.includes(name));
  const aligned = names.map((name) => containerOf(known, name) ?? newContainer(name));
  known.containers.splice(0, known.containers.length, ...aligned, ...strangers);
}

/** The task has ended and the log knows it; one that the control plane does not want needs no report. */
export function isSettled(known: KnownTask): boolean {
  return known.status === 'STOPPED' && (known.unwanted || known.durableRevision >= known.revision);
}

/** The task is on its way to STOPPED, for whatever reason. */
export function isStopping(wanted: WantedTask | undefined, known: KnownTask): boolean {
  return known.unwanted || known.ending !== null || wanted?.desiredStatus === 'STOPPED';
}
