import type { CallResult, ContainerHint, InventoryItem, OwnContainerSpec, RuntimeCall } from '#libs/agents/core';
import type { SimulatedDelays, SimulatedFailures, SimulatedHost, SimulatedHostOptions } from '#libs/container-runtime';
import type { VirtualClock } from '../world/virtual-clock.ts';
import type { ImageRegistry } from '../workload/image-registry.ts';
import { behaviourOf, hasImage } from '../workload/images.ts';
import type { Oracle, Place } from './oracle.ts';

export interface EngineWorld {
  readonly clock: VirtualClock;
  readonly oracle: Oracle;
  /** How things go wrong on hosts just now; changed in place. */
  readonly failures: SimulatedFailures;
  readonly delays: SimulatedDelays;
  /** What image references mean just now. */
  readonly registry: ImageRegistry;
}

/** What listens to an engine. */
export interface EngineListener {
  onEvent(hint: ContainerHint): void;
  onConnected(): void;
}

export interface EngineOptions {
  readonly place: Place;
  readonly seed: string;
  readonly world: EngineWorld;
  /** The machine's wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly Runtime: typeof SimulatedHost;
  /** Ended containers are made anew and started: a deliberate defect, for the checks of the checks. */
  readonly restartsContainers: boolean;
}

/** The container engine of one machine: the product's simulated one, with the oracle looking over its shoulder. */
export class SimEngine {
  readonly #options: EngineOptions;
  /** Agents on this machine: one, or two that take themselves for the only one. */
  readonly #listeners = new Set<EngineListener>();
  /** What the definitions' containers were made of, by task and name. */
  readonly #made = new Map<string, OwnContainerSpec>();
  /** What the runtime calls the containers, by task and name. */
  readonly #names = new Map<string, string>();
  #disk = 1;
  #runtime: SimulatedHost;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#runtime = this.#newRuntime();
  }

  /** Returns a function that ends it. */
  listen(listener: EngineListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  perform(call: RuntimeCall, done: (result: CallResult) => void): void {
    if (call.call === 'create') {
      const { taskId, containerName, runtimeName } = call.spec;
      this.#names.set(`${taskId}/${containerName}`, runtimeName);
      if (call.spec.kind === 'container') this.#made.set(`${taskId}/${containerName}`, call.spec);
    }
    this.#runtime.perform(call, done);
  }

  list(done: (items: readonly InventoryItem[] | null) => void): void {
    this.#runtime.list(done);
  }

  /** What a container was made of, if an agent has asked for it here. */
  specOf(taskId: string, containerName: string): OwnContainerSpec | undefined {
    return this.#made.get(`${taskId}/${containerName}`);
  }

  /** What a container is called here, if an agent has asked for it here. */
  runtimeNameOf(taskId: string, containerName: string): string | undefined {
    return this.#names.get(`${taskId}/${containerName}`);
  }

  /** A container ends by itself. */
  exit(runtimeId: string, exitCode: number): void {
    this.#runtime.exit(runtimeId, exitCode);
    this.#look();
  }

  setHealth(runtimeId: string, healthStatus: 'HEALTHY' | 'UNHEALTHY'): void {
    this.#runtime.setHealth(runtimeId, healthStatus);
    this.#options.world.oracle.noteHealth(runtimeId, (id) => this.#runtime.observation(id));
  }

  get isAway(): boolean {
    return this.#runtime.isAway;
  }

  /** It does not answer for a while; containers run on. */
  setAway(away: boolean): void {
    this.#runtime.setAway(away);
  }

  /** Power lost: every container has ended. `wiped`: the disk is new, too. */
  powerOff(wiped: boolean): void {
    if (wiped) {
      this.#disk += 1;
      this.#runtime = this.#newRuntime();
    } else {
      this.#runtime.reboot();
    }
    this.#look();
  }

  #newRuntime(): SimulatedHost {
    const { seed, now, world, Runtime } = this.#options;
    const { clock, delays, failures, registry } = world;
    const disk = this.#disk;
    // What an engine does, it does in here; so this is where to look after it.
    const looked = (run: () => void) => (): void => {
      run();
      if (disk === this.#disk) this.#look();
    };
    const machineClock: SimulatedHostOptions['clock'] = {
      wall: now,
      after: (delayMs, run) => clock.after(delayMs, looked(run)),
      soon: (run) => void clock.after(0, looked(run)),
    };
    const runtime = new Runtime({
      clock: machineClock,
      seed: `${seed}-${disk}`,
      delays,
      failures,
      behaviour: behaviourOf,
      hasImage,
      digestOf: registry.digestOf,
    });
    runtime.listen(
      (hint) => this.#event(hint),
      () => {
        for (const listener of this.#listeners) listener.onConnected();
      },
    );
    return runtime;
  }

  #event(hint: ContainerHint): void {
    if (this.#options.restartsContainers) this.#startAgain(hint);
    for (const listener of this.#listeners) listener.onEvent(hint);
  }

  /** What Docker does with another restart policy than `no`. */
  #startAgain({ taskId, containerName }: ContainerHint): void {
    const spec = this.specOf(taskId, containerName);
    if (spec === undefined) return;
    const runtimeName = `${spec.runtimeName}-again`;
    this.#runtime.perform({ call: 'create', spec: { ...spec, runtimeName } }, () =>
      this.#runtime.perform({ call: 'start', ref: runtimeName }, () => {}),
    );
  }

  #look(): void {
    const runtime = this.#runtime;
    this.#options.world.oracle.observe(this.#options.place, runtime.containers(), (id) => runtime.observation(id));
  }
}
