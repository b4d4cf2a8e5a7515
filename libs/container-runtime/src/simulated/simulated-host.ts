import type {
  CallResult,
  ContainerHint,
  ContainerObservation,
  ContainerSpec,
  ImageSpec,
  InventoryItem,
  OwnContainerSpec,
  RuntimeCall,
  RuntimeErrorName,
} from '#libs/agents/core';
import type { WantedNetwork } from '#libs/ecs/messages';
import { seededRandom, seedFromText } from '#libs/kernel';
import type { Clock } from '#libs/kernel';
import type { ContainerFacts, ContainerStats } from '../container-facts.ts';
import { HostAddresses } from './host-addresses.ts';
import { HostPorts } from './host-ports.ts';
import { joinedBy, joinProblem, keptSpec, listed, observe } from './simulated-container.ts';
import type { SimulatedBehaviour, SimulatedContainer } from './simulated-container.ts';
import { simulatedFacts, simulatedStats } from './simulated-facts.ts';
import { SimulatedImages } from './simulated-images.ts';
import type { DigestOf } from './simulated-images.ts';

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
  /** A pause container runs and has no address yet, as after an agent that died in between: its next start gets one. */
  readonly address?: number;
  /** A call that has no effect and whose caller cannot know. */
  readonly lostCall?: number;
  /** A call that has its effect, and the answer is lost. */
  readonly lostAnswer?: number;
  /** An event that is lost. */
  readonly lostEvent?: number;
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
  /** Absent: `simulatedDigest`, so that no reference is ever pushed anew. */
  readonly digestOf?: DigestOf;
}

/** 128 and the number of the signal. */
const KILLED_EXIT_CODE = 137;
const TERMINATED_EXIT_CODE = 143;
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
  readonly #addresses: HostAddresses;
  readonly #images: SimulatedImages;
  readonly #byId = new Map<string, SimulatedContainer>();
  readonly #byName = new Map<string, SimulatedContainer>();
  #created = 0;
  #runs = 0;
  #away = false;
  #onEvent: (hint: ContainerHint) => void = () => undefined;
  #onConnected: () => void = () => undefined;

  constructor(options: SimulatedHostOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#random = seededRandom(seedFromText(options.seed));
    this.#addresses = new HostAddresses(options.seed);
    this.#images = new SimulatedImages(options.digestOf);
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
    return [...this.#byId.values()].map(listed);
  }

  /** One container as it is, as `containers` shows all. */
  observation(runtimeId: string): ContainerObservation | undefined {
    const container = this.#byId.get(runtimeId);
    return container === undefined ? undefined : observe(container);
  }

  /** What the engine shows of a container, by id or name. */
  facts(ref: string, withSize = false): ContainerFacts | null {
    const container = this.#find(ref);
    return container === undefined ? null : simulatedFacts(container, withSize);
  }

  stats(ref: string): ContainerStats | null {
    const container = this.#find(ref);
    return container === undefined ? null : simulatedStats(container, this.#clock.wall());
  }

  /** The container ends by itself. */
  exit(ref: string, exitCode: number): void {
    const container = this.#find(ref);
    if (container !== undefined) this.#end(container, exitCode);
  }

  setHealth(ref: string, healthStatus: 'HEALTHY' | 'UNHEALTHY'): void {
    const container = this.#find(ref);
    if (container === undefined) return;
    container.behaviour = { ...container.behaviour, healthStatus };
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
    if (call.call === 'pull') return this.#pull(call.image);
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
        this.#end(container, KILLED_EXIT_CODE);
        break;
      case 'remove':
        this.#remove(container);
        return { kind: 'done' };
      case 'inspect':
        break;
    }
    return { kind: 'done', observation: observe(container) };
  }

  #pull(image: ImageSpec): CallResult {
    const { hasImage, failures } = this.#options;
    const { reference } = image;
    if (hasImage?.(reference) === false || this.#chance(failures?.pull)) {
      const detail = `pull access denied for ${reference}, repository does not exist or may require 'docker login'`;
      return failed('CannotPullContainerError', `Error response from daemon: ${detail}`, false);
    }
    return { kind: 'done', imageId: this.#images.pull(image) };
  }

  #create(spec: ContainerSpec): CallResult {
    const { runtimeName } = spec;
    let container = this.#byName.get(runtimeName);
    if (container === undefined) {
      if (this.#chance(this.#options.failures?.create)) {
        return failed('CannotCreateContainerError', 'Error response from daemon: no space left on device', false);
      }
      this.#created += 1;
      const isPause = spec.kind === 'pause';
      container = {
        runtimeId: `sim-${this.#options.seed}-${this.#created}`,
        spec: keptSpec(spec),
        joins: joinedBy(spec),
        imageDigest: isPause ? undefined : (spec.imageId ?? this.#images.digest(spec.image)),
        behaviour: isPause ? NO_BEHAVIOUR : (this.#options.behaviour?.(spec) ?? NO_BEHAVIOUR),
        phase: 'CREATED',
        exitCode: undefined,
        networkBindings: [],
        networkInterface: null,
        createdAt: this.#clock.wall(),
        startedAt: undefined,
        finishedAt: undefined,
        run: undefined,
      };
      this.#byId.set(container.runtimeId, container);
      this.#byName.set(runtimeName, container);
    }
    return { kind: 'done', observation: observe(container) };
  }

  #start(container: SimulatedContainer, from: 'CREATED' | 'STOPPED'): CallResult {
    if (container.phase === 'RUNNING') return this.#complete(container);
    if (container.phase !== from) return { kind: 'done', observation: observe(container) };
    const problem = this.#connect(container);
    if (problem !== undefined) return problem;
    const startedAt = this.#clock.wall();
    Object.assign(container, { phase: 'RUNNING', startedAt, finishedAt: undefined, exitCode: undefined });
    const { exitAfterMs, exitCode = 0 } = container.behaviour;
    if (exitAfterMs !== undefined) {
      this.#runs += 1;
      const run = this.#runs;
      container.run = run;
      this.#after([exitAfterMs, exitAfterMs], () => {
        // One that was started again meanwhile has a time of its own.
        if (container.run === run) this.#end(container, exitCode);
      });
    }
    return { kind: 'done', observation: observe(container) };
  }

  /** A pause container that runs without its address gets it now. */
  #complete(container: SimulatedContainer): CallResult {
    const { spec, networkInterface } = container;
    const isWithout = spec.kind === 'pause' && spec.network !== null && networkInterface === null;
    const problem = isWithout ? this.#address(container, spec.network) : undefined;
    return problem ?? { kind: 'done', observation: observe(container) };
  }

  /** Gives a container that starts its part of the network; what that fails for is for good. */
  #connect(container: SimulatedContainer): CallResult | undefined {
    const { spec, joins } = container;
    const unjoined = joins === null ? undefined : joinProblem(joins, this.#byName.get(joins.container));
    const problem = unjoined ?? (this.#chance(this.#options.failures?.start) ? 'cannot start a shim' : undefined);
    if (problem !== undefined) return refused('CannotStartContainerError', problem);
    if (spec.kind === 'pause') return spec.network === null ? undefined : this.#address(container, spec.network);
    const bindings = this.#ports.publish(spec);
    if (typeof bindings === 'string') return refused('CannotStartContainerError', bindings);
    container.networkBindings = bindings;
    return undefined;
  }

  #address(container: SimulatedContainer, { subnets: [subnetId] }: WantedNetwork): CallResult | undefined {
    if (subnetId === undefined) return failed('ContainerNetworkingError', 'the task names no subnet', false);
    if (this.#chance(this.#options.failures?.address)) return undefined;
    container.networkInterface ??= this.#addresses.take(subnetId);
    const isWithout = container.networkInterface === null;
    return isWithout ? failed('ContainerNetworkingError', `no address is left in ${subnetId}`, false) : undefined;
  }

  #remove(container: SimulatedContainer): void {
    this.#end(container, KILLED_EXIT_CODE);
    if (container.networkInterface !== null) this.#addresses.release(container.networkInterface);
    this.#byId.delete(container.runtimeId);
    this.#byName.delete(container.spec.runtimeName);
  }

  #signal(container: SimulatedContainer): void {
    if (container.phase !== 'RUNNING' || container.behaviour.stubborn === true) return;
    const { stop } = this.#options.delays ?? {};
    // Without a delay it has ended before the answer: one report less.
    if (stop === undefined) this.#end(container, TERMINATED_EXIT_CODE);
    else this.#after(stop, () => this.#end(container, TERMINATED_EXIT_CODE));
  }

  #end(container: SimulatedContainer, exitCode: number, silently = false): void {
    if (container.phase !== 'RUNNING') return;
    container.phase = 'STOPPED';
    container.exitCode = exitCode;
    container.finishedAt = this.#clock.wall();
    this.#ports.release(container.networkBindings);
    if (container.spec.kind === 'pause' && container.spec.sharesPid)
      this.#endJoined(container.spec.runtimeName, silently ? exitCode : KILLED_EXIT_CODE, silently);
    if (!silently) this.#notify(container);
  }

  /** The end of its first process ends all others of a namespace. */
  #endJoined(runtimeName: string, exitCode: number, silently: boolean): void {
    for (const container of this.#byId.values()) {
      if (container.joins?.container === runtimeName) this.#end(container, exitCode, silently);
    }
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
  if (call === 'restart') return 'start';
  return call === 'pull' || call === 'create' || call === 'start' ? call : 'other';
}

function failed(name: RuntimeErrorName, detail: string, retry: boolean): CallResult {
  return { kind: 'failed', name, detail, retry };
}

function refused(name: RuntimeErrorName, detail: string): CallResult {
  return failed(name, `Error response from daemon: ${detail}`, false);
}
