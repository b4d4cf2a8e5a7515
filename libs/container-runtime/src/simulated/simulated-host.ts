import type {
  CallResult,
  ContainerHint,
  ContainerObservation,
  ContainerSpec,
  InventoryItem,
  OwnContainerSpec,
  RuntimeCall,
  RuntimeErrorName,
} from '#libs/agents/core';
import type { NetworkBinding } from '#libs/ecs/messages';
import { seededRandom, seedFromText } from '#libs/kernel';
import type { Clock } from '#libs/kernel';
import { HostPorts } from './host-ports.ts';

/** A span of ms from which each delay is drawn; the same number twice is a fixed one. */
export type DelayMs = readonly [minMs: number, maxMs: number];

/** How long things take. Absent: at once. */
export interface SimulatedDelays {
  readonly pull?: DelayMs;
  readonly create?: DelayMs;
  readonly start?: DelayMs;
  /** Inspection, list, signals, removal. */
  readonly other?: DelayMs;
  /** From the stop signal to the end of a container that obeys it. */
  readonly stop?: DelayMs;
}

/** How often things go wrong, each a chance in [0, 1]. Absent: never. */
export interface SimulatedFailures {
  /** For good, as an image that does not exist. */
  readonly pull?: number;
  readonly create?: number;
  readonly start?: number;
  /** A call that has no effect and whose caller cannot know. */
  readonly lostCall?: number;
  /** A call that has its effect, and the answer is lost. */
  readonly lostAnswer?: number;
  /** An event that is lost. */
  readonly lostEvent?: number;
}

/** How one container behaves once it runs. */
export interface SimulatedBehaviour {
  /** Ends by itself after so many ms, with this code. Absent: runs until it is stopped. */
  readonly exitAfterMs?: number;
  readonly exitCode?: number;
  /** Does not heed the stop signal. */
  readonly stubborn?: boolean;
  readonly healthStatus?: 'HEALTHY' | 'UNHEALTHY';
}

export interface SimulatedHostOptions {
  /** The machine's: real timers in a load test, virtual time in a simulation. */
  readonly clock: Pick<Clock, 'wall' | 'after' | 'soon'>;
  readonly seed: string;
  readonly delays?: SimulatedDelays;
  readonly failures?: SimulatedFailures;
  readonly behaviour?: (spec: OwnContainerSpec) => SimulatedBehaviour;
  /** Absent: every image exists. */
  readonly hasImage?: (image: string) => boolean;
}

/** What is kept of a container's spec: parts that many share. Not its environment. */
type KeptSpec = Pick<OwnContainerSpec, 'taskId' | 'containerName' | 'runtimeName' | 'container' | 'taskDefinition'>;

interface SimulatedContainer {
  readonly runtimeId: string;
  readonly spec: KeptSpec;
  readonly behaviour: SimulatedBehaviour;
  phase: 'CREATED' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  networkBindings: readonly NetworkBinding[];
  startedAt: number | undefined;
  finishedAt: number | undefined;
}

const NO_BEHAVIOUR: SimulatedBehaviour = {};

/**
 * A host without containers: a table that behaves like an engine, with seeded delays and faults. No promise per call, so
 * that one process carries thousands of them; `simulatedRuntime` is the same behind the port.
 */
export class SimulatedHost {
  readonly #options: SimulatedHostOptions;
  readonly #clock: SimulatedHostOptions['clock'];
  readonly #random: () => number;
  readonly #ports = new HostPorts();
  readonly #byId = new Map<string, SimulatedContainer>();
  readonly #byName = new Map<string, SimulatedContainer>();
  #created = 0;
  #away = false;
  #onEvent: (hint: ContainerHint) => void = () => undefined;
  #onConnected: () => void = () => undefined;

  constructor(options: SimulatedHostOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#random = seededRandom(seedFromText(options.seed));
  }

  listen(onEvent: (hint: ContainerHint) => void, onConnected: () => void): void {
    this.#onEvent = onEvent;
    this.#onConnected = onConnected;
  }

  /** Every call is answered, once. */
  perform(call: RuntimeCall, done: (result: CallResult) => void): void {
    const { delays, failures } = this.#options;
    this.#after(delays?.[kindOf(call)], () => {
      if (this.#away || this.#chance(failures?.lostCall)) return done(failed('DockerTimeoutError', 'no answer', true));
      const result = this.#apply(call);
      done(this.#chance(failures?.lostAnswer) ? failed('DockerTimeoutError', 'no answer', true) : result);
    });
  }

  /** null: no answer. */
  list(done: (items: readonly InventoryItem[] | null) => void): void {
    const { delays, failures } = this.#options;
    this.#after(delays?.other, () => {
      const lost = this.#away || this.#chance(failures?.lostCall) || this.#chance(failures?.lostAnswer);
      done(lost ? null : this.containers());
    });
  }

  /** The containers as they are, without delay or fault: for checks. */
  containers(): readonly InventoryItem[] {
    return [...this.#byId.values()].map(({ spec, behaviour, runtimeId, phase }) => {
      const { taskId, containerName, container } = spec;
      const item = { taskId, containerName, runtimeId, phase };
      const isChecked = phase === 'RUNNING' && container.healthCheck !== undefined;
      return isChecked ? { ...item, healthStatus: behaviour.healthStatus ?? 'HEALTHY' } : item;
    });
  }

  /** One container as it is, as `containers` shows all. */
  observation(runtimeId: string): ContainerObservation | undefined {
    const container = this.#byId.get(runtimeId);
    return container === undefined ? undefined : observe(container);
  }

  /** The container ends by itself. */
  exit(ref: string, exitCode: number): void {
    const container = this.#find(ref);
    if (container !== undefined) this.#end(container, exitCode);
  }

  setHealth(ref: string, healthStatus: 'HEALTHY' | 'UNHEALTHY'): void {
    const container = this.#find(ref);
    if (container === undefined) return;
    Object.assign(container, { behaviour: { ...container.behaviour, healthStatus } });
    this.#notify(container);
  }

  get isAway(): boolean {
    return this.#away;
  }

  /** The engine does not answer, or answers again. Containers run on. */
  setAway(away: boolean): void {
    const isBack = this.#away && !away;
    this.#away = away;
    if (isBack) this.#onConnected();
  }

  /** Power lost and back: every container has ended, and no event reports it. */
  reboot(): void {
    for (const container of this.#byId.values()) this.#end(container, 255, true);
  }

  #apply(call: RuntimeCall): CallResult {
    if (call.call === 'pull') return this.#pull(call.image.reference);
    if (call.call === 'create') return this.#create(call.spec);
    const container = this.#find(call.ref);
    if (container === undefined) return call.call === 'remove' ? { kind: 'done' } : { kind: 'gone' };
    switch (call.call) {
      case 'start':
        return this.#start(container, 'CREATED');
      case 'restart':
        return this.#start(container, 'STOPPED');
      case 'signal':
        this.#signal(container);
        break;
      case 'kill':
        this.#end(container, 137);
        break;
      case 'remove':
        this.#end(container, 137);
        this.#byId.delete(container.runtimeId);
        this.#byName.delete(container.spec.runtimeName);
        return { kind: 'done' };
      case 'inspect':
        break;
    }
    return { kind: 'done', observation: observe(container) };
  }

  #pull(image: string): CallResult {
    const { hasImage, failures } = this.#options;
    if (hasImage?.(image) === false || this.#chance(failures?.pull)) {
      const detail = `pull access denied for ${image}, repository does not exist or may require 'docker login'`;
      return failed('CannotPullContainerError', `Error response from daemon: ${detail}`, false);
    }
    return { kind: 'done' };
  }

  #create(spec: ContainerSpec): CallResult {
    if (spec.kind === 'pause') return failed('CannotCreateContainerError', 'no pause containers yet', false);
    const { taskId, containerName, runtimeName } = spec;
    let container = this.#byName.get(runtimeName);
    if (container === undefined) {
      if (this.#chance(this.#options.failures?.create)) {
        return failed('CannotCreateContainerError', 'Error response from daemon: no space left on device', false);
      }
      this.#created += 1;
      container = {
        runtimeId: `sim-${this.#options.seed}-${this.#created}`,
        spec: { taskId, containerName, runtimeName, container: spec.container, taskDefinition: spec.taskDefinition },
        behaviour: this.#options.behaviour?.(spec) ?? NO_BEHAVIOUR,
        phase: 'CREATED',
        exitCode: undefined,
        networkBindings: [],
        startedAt: undefined,
        finishedAt: undefined,
      };
      this.#byId.set(container.runtimeId, container);
      this.#byName.set(runtimeName, container);
    }
    return { kind: 'done', observation: observe(container) };
  }

  #start(container: SimulatedContainer, from: 'CREATED' | 'STOPPED'): CallResult {
    if (container.phase === from) {
      const bindings = this.#chance(this.#options.failures?.start) ? 0 : this.#ports.publish(container.spec);
      if (typeof bindings === 'number') {
        const detail = `Bind for 0.0.0.0:${bindings} failed: port is already allocated`;
        return failed('CannotStartContainerError', `Error response from daemon: ${detail}`, false);
      }
      container.networkBindings = bindings;
      container.phase = 'RUNNING';
      container.startedAt = this.#clock.wall();
      const { exitAfterMs, exitCode = 0 } = container.behaviour;
      if (exitAfterMs !== undefined) this.#after([exitAfterMs, exitAfterMs], () => this.#end(container, exitCode));
    }
    return { kind: 'done', observation: observe(container) };
  }

  #signal(container: SimulatedContainer): void {
    if (container.phase !== 'RUNNING' || container.behaviour.stubborn === true) return;
    const { stop } = this.#options.delays ?? {};
    // Without a delay it has ended before the answer: one report less.
    if (stop === undefined) this.#end(container, 143);
    else this.#after(stop, () => this.#end(container, 143));
  }

  #end(container: SimulatedContainer, exitCode: number, silently = false): void {
    if (container.phase !== 'RUNNING') return;
    container.phase = 'STOPPED';
    container.exitCode = exitCode;
    container.finishedAt = this.#clock.wall();
    this.#ports.release(container.networkBindings);
    if (!silently) this.#notify(container);
  }

  #notify({ spec: { taskId, containerName } }: SimulatedContainer): void {
    if (!this.#away && !this.#chance(this.#options.failures?.lostEvent)) this.#onEvent({ taskId, containerName });
  }

  #find(ref: string): SimulatedContainer | undefined {
    return this.#byId.get(ref) ?? this.#byName.get(ref);
  }

  #after(delay: DelayMs | undefined, run: () => void): void {
    const delayMs = delay === undefined ? 0 : delay[0] + this.#random() * (delay[1] - delay[0]);
    if (delayMs > 0) this.#clock.after(delayMs, run);
    else this.#clock.soon(run);
  }

  /** Draws only when something can happen, so that switching a fault off leaves the other draws alone as far as it can. */
  #chance(probability: number | undefined): boolean {
    return probability !== undefined && probability > 0 && this.#random() < probability;
  }
}

function kindOf({ call }: RuntimeCall): 'pull' | 'create' | 'start' | 'other' {
  return call === 'pull' || call === 'create' || call === 'start' ? call : 'other';
}

function failed(name: RuntimeErrorName, detail: string, retry: boolean): CallResult {
  return { kind: 'failed', name, detail, retry };
}

function observe(container: SimulatedContainer): ContainerObservation {
  const { runtimeId, spec, behaviour, phase, exitCode, networkBindings, startedAt, finishedAt } = container;
  const hasHealthCheck = spec.container.healthCheck !== undefined;
  return {
    runtimeId,
    phase,
    networkBindings,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(hasHealthCheck ? { healthStatus: behaviour.healthStatus ?? 'HEALTHY' } : {}),
    ...(spec.container.stopTimeout === undefined ? {} : { stopTimeoutSeconds: spec.container.stopTimeout }),
  };
}
