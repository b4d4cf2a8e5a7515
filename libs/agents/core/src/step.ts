import type { HealthStatus, NetworkBinding, TaskNetworkInterface } from '#libs/ecs/messages';
import type { ContainerSpec, ImageSpec } from './container-spec.ts';

/** What a task needs next. One step, then ask again: the world may have changed. */
export type Step =
  | {
      readonly kind: 'pull' | 'create' | 'start' | 'restart' | 'signal' | 'kill' | 'inspect' | 'remove';
      readonly containerName: string;
    }
  /** Nothing to do before this moment (ms), or before something happens (null). */
  | { readonly kind: 'wait'; readonly until: number | null }
  /** Reported, cleaned up: nothing is left to know about the task. */
  | { readonly kind: 'forget' };

/** A step as the shell performs it on a container runtime. `ref` is the runtime's id of a container, or its name. */
export type RuntimeCall =
  | { readonly call: 'pull'; readonly image: ImageSpec }
  | { readonly call: 'create'; readonly spec: ContainerSpec }
  | { readonly call: 'start' | 'restart' | 'signal' | 'kill' | 'inspect' | 'remove'; readonly ref: string };

/** One container as the runtime shows it. */
export interface ContainerObservation {
  readonly runtimeId: string;
  readonly phase: 'CREATED' | 'RUNNING' | 'STOPPED';
  readonly imageDigest?: string;
  /** With STOPPED, and only if the container ever ran. */
  readonly exitCode?: number;
  /** With STOPPED: what the runtime says went wrong, `<ErrorName>: <detail>`. */
  readonly reason?: string;
  readonly networkBindings?: readonly NetworkBinding[];
  /** Of a pause container that has an address of its own, once it runs. */
  readonly networkInterface?: TaskNetworkInterface;
  readonly gpuIds?: readonly string[];
  /** Absent without a health check. */
  readonly healthStatus?: HealthStatus;
  /** ms since the epoch. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly stopTimeoutSeconds?: number;
}

/** Names that ECS agents use in reasons. */
export type RuntimeErrorName =
  | 'CannotPullContainerError'
  | 'CannotCreateVolumeError'
  | 'ContainerNetworkingError'
  | 'ResourceInitializationError'
  | 'CannotCreateContainerError'
  | 'CannotStartContainerError'
  | 'CannotStopContainerError'
  | 'CannotInspectContainerError'
  | 'CannotRemoveContainerError'
  | 'CannotListContainersError'
  | 'DockerTimeoutError';

/** How a call ended. */
export type CallResult =
  /** `observation` is the container after the call; absent for pull and remove. `imageId` is what a pull has found. */
  | { readonly kind: 'done'; readonly observation?: ContainerObservation; readonly imageId?: string }
  /** The runtime has no such container. */
  | { readonly kind: 'gone' }
  /**
   * `retry`: the outcome is unknown or another attempt may succeed (engine down, timed out, registry unreachable);
   * otherwise this container can never be what it should be.
   */
  | { readonly kind: 'failed'; readonly name: RuntimeErrorName; readonly detail: string; readonly retry: boolean };

/** One line of an inventory: a container that carries this instance's label. */
export interface InventoryItem {
  readonly taskId: string;
  readonly containerName: string;
  readonly runtimeId: string;
  readonly phase: 'CREATED' | 'RUNNING' | 'STOPPED';
  /** Of a container that runs and has a health check, if the runtime lists it. */
  readonly healthStatus?: HealthStatus;
}

/** Something happened to a container; what it was is found by inspection. */
export interface ContainerHint {
  readonly taskId: string;
  readonly containerName: string;
}
