import type {
  ContainerHint,
  ContainerObservation,
  ContainerSpec,
  ImageSpec,
  InventoryItem,
  RuntimeErrorName,
} from '#libs/agents/core';
import type { ContainerFacts, ContainerStats } from './container-facts.ts';

/** The engine under the runtime, as DescribeContainerInstances and placement want to know it. */
export interface RuntimeInfo {
  /** e.g. `20.10.24`; ECS shows `DockerVersion: 20.10.24`. */
  readonly version: string;
  /** Highest API version, e.g. `1.41`. */
  readonly apiVersion: string;
  readonly loggingDrivers: readonly string[];
  /** `linux` or `windows`. */
  readonly osType: string;
  /** As ECS names it: `x86_64` or `arm64`. */
  readonly cpuArchitecture: string;
  readonly securityOptions: readonly string[];
  /** What containers can have of the machine that the engine runs on, whole cores and MiB. */
  readonly cpus: number;
  readonly memoryMiB: number;
  /**
   * What it can do for tasks beyond what every runtime does, as ECS names it after `ecs.capability.` or
   * `com.amazonaws.ecs.capability.`, e.g. `task-eni`, `privileged-container`.
   */
  readonly capabilities: readonly string[];
  /** The GPUs that containers can have. Absent: none. */
  readonly gpuIds?: readonly string[];
}

export interface RuntimeListener {
  /** Something happened to a container of ours. Events may be lost, and may come twice. */
  onEvent(hint: ContainerHint): void;
  /** The event stream is open (again): whatever happened before may have been missed, so list now. */
  onConnected(): void;
}

/**
 * What makes and ends containers on one host, for one container instance: it sees no container of another instance.
 *
 * Every call settles, sooner or later. `ref` is a container's id or name. A call on a container that does not exist
 * answers null; anything that goes wrong is a `RuntimeProblem`.
 */
export interface ContainerRuntime {
  info(): Promise<RuntimeInfo>;
  /**
   * Makes sure the image is on the host.
   * @returns the image's id, which `create` is given; null: this runtime's images have none
   */
  pull(image: ImageSpec): Promise<string | null>;
  /** A second creation with the same name and task answers the container that is there. */
  create(spec: ContainerSpec): Promise<ContainerObservation>;
  /**
   * Starts a container that was never started. One that runs or has ended is left as it is; but a pause container that
   * runs and lacks the address that its spec asks for (an agent died in between) gets it now.
   */
  start(ref: string): Promise<ContainerObservation | null>;
  /** Starts a container that has ended once more, in place: same id, same file system. One that runs is left as it is. */
  restart(ref: string): Promise<ContainerObservation | null>;
  /** Sends the container's stop signal (SIGTERM unless the image says otherwise) and does not wait for its end. */
  signal(ref: string): Promise<ContainerObservation | null>;
  /** SIGKILL. */
  kill(ref: string): Promise<ContainerObservation | null>;
  inspect(ref: string): Promise<ContainerObservation | null>;
  /** Everything that the engine shows of a container. `withSize`: what it has written, too, which takes longer. */
  describe(ref: string, withSize?: boolean): Promise<ContainerFacts | null>;
  /** What a container uses just now; null also if it does not run. */
  stats(ref: string): Promise<ContainerStats | null>;
  /** Gone after this, with what belonged to it alone; a container that runs is killed. */
  remove(ref: string): Promise<void>;
  /** All containers of this instance, whatever their state. */
  list(): Promise<readonly InventoryItem[]>;
  /** @returns ends the subscription */
  subscribe(listener: RuntimeListener): () => void;
  /** Lets go of connections; containers are not touched. */
  close(): Promise<void>;
}

/** A call that did not do what was asked. `retry`: the outcome is unknown, or another attempt may succeed. */
export class RuntimeProblem extends Error {
  override readonly name: RuntimeErrorName;
  readonly detail: string;
  readonly retry: boolean;

  constructor(name: RuntimeErrorName, detail: string, retry: boolean) {
    super(`${name}: ${detail}`);
    this.name = name;
    this.detail = detail;
    this.retry = retry;
  }
}
