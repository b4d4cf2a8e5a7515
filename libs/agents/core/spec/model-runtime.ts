import type { HealthStatus } from '#libs/ecs/messages';
import type { CallResult, ContainerObservation, InventoryItem, RuntimeCall } from '../src/step.ts';

interface ModelContainer {
  readonly runtimeId: string;
  readonly runtimeName: string;
  readonly taskId: string;
  readonly containerName: string;
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
  /** Containers that were killed although they had not been asked to stop. */
  readonly killedWithoutSignal: string[] = [];
  /** Containers that end when they get the stop signal. */
  obedient = true;
  /** Containers that end by themselves as soon as they run. */
  isShortLived: (taskId: string) => boolean = () => false;
  #created = 0;

  perform(call: RuntimeCall, now: number): CallResult {
    if (call.call === 'pull') return { kind: 'done' };
    if (call.call === 'create') return this.#create(call.spec.runtimeName, call.spec.taskId, call.spec.containerName);
    const container = this.find(call.ref);
    if (container === undefined) return { kind: 'gone' };
    if (call.call === 'start' && container.phase !== 'RUNNING') {
      Object.assign(container, { phase: 'RUNNING', startedAt: now });
      this.starts.push(`${container.taskId}/${container.containerName}`);
      if (this.isShortLived(container.taskId)) this.exit(container, 0, now);
    }
    if (call.call === 'signal') {
      container.signalled = true;
      if (this.obedient) this.exit(container, 143, now);
    }
    if (call.call === 'kill') {
      if (!container.signalled && container.phase === 'RUNNING') this.killedWithoutSignal.push(container.runtimeId);
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

  #create(runtimeName: string, taskId: string, containerName: string): CallResult {
    let container = this.find(runtimeName);
    if (container === undefined) {
      this.#created += 1;
      const runtimeId = `id-${this.#created}`;
      container = {
        runtimeId,
        runtimeName,
        taskId,
        containerName,
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

function observe(container: ModelContainer): ContainerObservation {
  const { runtimeId, phase, exitCode, startedAt, finishedAt, healthStatus } = container;
  return {
    runtimeId,
    phase,
    ...(healthStatus === undefined ? {} : { healthStatus }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}
