import type { HealthStatus, TaskNetworkInterface } from '#libs/ecs/messages';
import type { ContainerSpec } from '../src/container-spec.ts';
import { PAUSE_CONTAINER_NAME } from '../src/pause-container.ts';
import type { CallResult, ContainerObservation, InventoryItem, RuntimeCall } from '../src/step.ts';

interface ModelContainer {
  readonly runtimeId: string;
  readonly runtimeName: string;
  readonly taskId: string;
  readonly containerName: string;
  /** The runtime name of the container whose namespaces it joins. */
  readonly joins: string | undefined;
  /** What it gets once it runs. */
  readonly address: TaskNetworkInterface | undefined;
  phase: 'CREATED' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  signalled: boolean;
  /** What its health check says; absent without one. */
  healthStatus?: HealthStatus;
}

/** What is true on a host: a container runtime as a plain table, for specs that watch what an agent does to it. */
export class ModelRuntime {
  readonly containers = new Map<string, ModelContainer>();
  /** Every start that really happened, as `<task id>/<container>`. */
  readonly starts: string[] = [];
  /** Every restart that really happened, as `starts`, and how long the container had run (ms). */
  readonly restarts: { readonly container: string; readonly ranMs: number }[] = [];
  /** Containers that were killed although they had not been asked to stop, or while others needed them. */
  readonly killedWithoutSignal: string[] = [];
  /** Containers that end when they get the stop signal. */
  obedient = true;
  /** The engine does not answer; containers run on. */
  isAway = false;
  /** Containers that end by themselves as soon as they run. */
  isShortLived: (taskId: string) => boolean = () => false;
  #created = 0;

  perform(call: RuntimeCall, now: number): CallResult {
    if (this.isAway) return { kind: 'failed', name: 'DockerTimeoutError', detail: 'no answer', retry: true };
    if (call.call === 'pull') return { kind: 'done' };
    if (call.call === 'create') return this.#create(call.spec);
    const container = this.find(call.ref);
    if (container === undefined) return { kind: 'gone' };
    if (call.call === 'start' && container.phase === 'CREATED') {
      const problem = this.#begin(container, now);
      if (problem !== undefined) return problem;
      this.starts.push(`${container.taskId}/${container.containerName}`);
      if (this.isShortLived(container.taskId) && !isPause(container)) this.exit(container, 0, now);
    }
    if (call.call === 'restart' && container.phase === 'STOPPED') {
      const ranMs = (container.finishedAt ?? 0) - (container.startedAt ?? 0);
      const problem = this.#begin(container, now);
      if (problem !== undefined) return problem;
      this.restarts.push({ container: `${container.taskId}/${container.containerName}`, ranMs });
    }
    if (call.call === 'signal') {
      container.signalled = true;
      if (this.obedient) this.exit(container, 143, now);
    }
    if (call.call === 'kill') {
      const isDue = isPause(container) ? !this.#isNeeded(container) : container.signalled;
      if (!isDue && container.phase === 'RUNNING') this.killedWithoutSignal.push(container.runtimeId);
      this.exit(container, 137, now);
    }
    if (call.call === 'remove') {
      this.containers.delete(container.runtimeId);
      return { kind: 'done' };
    }
    return { kind: 'done', observation: observe(container) };
  }

  list(): readonly InventoryItem[] {
    return [...this.containers.values()].map(({ taskId, containerName, runtimeId, phase, healthStatus }) => ({
      taskId,
      containerName,
      runtimeId,
      phase,
      ...(healthStatus === undefined ? {} : { healthStatus }),
    }));
  }

  find(ref: string): ModelContainer | undefined {
    return this.containers.get(ref) ?? [...this.containers.values()].find(({ runtimeName }) => runtimeName === ref);
  }

  exit(container: ModelContainer, exitCode: number, now: number): void {
    if (container.phase === 'RUNNING') Object.assign(container, { phase: 'STOPPED', exitCode, finishedAt: now });
  }

  /** As Docker: nothing joins a container that does not run. */
  #begin(container: ModelContainer, now: number): CallResult | undefined {
    if (container.joins !== undefined && this.find(container.joins)?.phase !== 'RUNNING') {
      const detail = `cannot join namespace of a non running container: ${container.joins}`;
      return { kind: 'failed', name: 'CannotStartContainerError', detail, retry: false };
    }
    Object.assign(container, { phase: 'RUNNING', startedAt: now, exitCode: undefined, finishedAt: undefined });
    return undefined;
  }

  #isNeeded({ runtimeName }: ModelContainer): boolean {
    return [...this.containers.values()].some(({ joins, phase }) => joins === runtimeName && phase === 'RUNNING');
  }

  /** Power lost and back, or an engine that takes its containers with it when it is started again: no event reports it. */
  endAll(exitCode: number, now: number): void {
    for (const container of this.containers.values()) this.exit(container, exitCode, now);
  }

  #create(spec: ContainerSpec): CallResult {
    const { runtimeName, taskId, containerName } = spec;
    let container = this.find(runtimeName);
    if (container === undefined) {
      this.#created += 1;
      const runtimeId = `id-${this.#created}`;
      container = {
        runtimeId,
        runtimeName,
        taskId,
        containerName,
        joins: joinedBy(spec),
        address: spec.kind === 'pause' && spec.network !== null ? addressOf(this.#created) : undefined,
        phase: 'CREATED',
        exitCode: undefined,
        startedAt: undefined,
        finishedAt: undefined,
        signalled: false,
      };
      this.containers.set(runtimeId, container);
    }
    return { kind: 'done', observation: observe(container) };
  }
}

function isPause({ containerName }: ModelContainer): boolean {
  return containerName === PAUSE_CONTAINER_NAME;
}

function joinedBy(spec: ContainerSpec): string | undefined {
  if (spec.kind === 'pause') return undefined;
  for (const owner of [spec.network, spec.pid, spec.ipc]) {
    if (typeof owner === 'object' && owner !== null) return owner.container;
  }
  return undefined;
}

function addressOf(number: number): TaskNetworkInterface {
  const hex = number.toString(16).padStart(2, '0');
  return { subnetId: 'subnet-1', macAddress: `02:00:00:00:00:${hex}`, privateIpv4Address: `10.0.0.${number}` };
}

function observe(container: ModelContainer): ContainerObservation {
  const { runtimeId, phase, exitCode, startedAt, finishedAt, healthStatus, address } = container;
  return {
    runtimeId,
    phase,
    ...(address === undefined || phase !== 'RUNNING' ? {} : { networkInterface: address }),
    ...(healthStatus === undefined ? {} : { healthStatus }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}
