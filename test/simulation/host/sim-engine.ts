import type { CallResult, ContainerHint, ContainerSpec, InventoryItem, RuntimeCall } from '#libs/agent-core';
import { SimulatedHost } from '#libs/container-runtime';
import type { Scheduler, SimulatedDelays, SimulatedFailures } from '#libs/container-runtime';
import type { VirtualClock } from '../world/virtual-clock.ts';
import { behaviourOf, hasImage } from '../workload/images.ts';
import type { Oracle } from './oracle.ts';

export interface EngineWorld {
  readonly clock: VirtualClock;
  readonly oracle: Oracle;
  /** How things go wrong on hosts just now; changed in place. */
  readonly failures: SimulatedFailures;
  readonly delays: SimulatedDelays;
}

export interface EngineOptions {
  readonly host: string;
  readonly seed: string;
  readonly world: EngineWorld;
  /** The machine's wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly onEvent: (hint: ContainerHint) => void;
  readonly onConnected: () => void;
  /** Ended containers are made anew and started: a deliberate defect, for the checks of the checks. */
  readonly restartsContainers: boolean;
}

/** The container engine of one machine: the product's simulated one, with the oracle looking over its shoulder. */
export class SimEngine {
  readonly #options: EngineOptions;
  /** What containers were made of, by task and name. */
  readonly #made = new Map<string, ContainerSpec>();
  #disk = 1;
  #runtime: SimulatedHost;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#runtime = this.#newRuntime();
  }

  perform(call: RuntimeCall, done: (result: CallResult) => void): void {
    if (call.call === 'create') this.#made.set(`${call.spec.taskId}/${call.spec.containerName}`, call.spec);
    this.#runtime.perform(call, done);
  }

  list(done: (items: readonly InventoryItem[] | null) => void): void {
    this.#runtime.list(done);
  }

  /** A container ends by itself. */
  exit(runtimeId: string, exitCode: number): void {
    this.#runtime.exit(runtimeId, exitCode);
    this.#look();
  }

  setHealth(runtimeId: string, healthStatus: 'HEALTHY' | 'UNHEALTHY'): void {
    this.#runtime.setHealth(runtimeId, healthStatus);
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
    const { seed, now, world, onConnected } = this.#options;
    const { clock, delays, failures } = world;
    const disk = this.#disk;
    // What an engine does, it does in here; so this is where to look after it.
    const looked = (run: () => void) => (): void => {
      run();
      if (disk === this.#disk) this.#look();
    };
    const scheduler: Scheduler = {
      now,
      after: (delayMs, run) => void clock.after(delayMs, looked(run)),
      soon: (run) => void clock.after(0, looked(run)),
    };
    const runtime = new SimulatedHost({
      scheduler,
      seed: `${seed}-${disk}`,
      delays,
      failures,
      behaviour: behaviourOf,
      hasImage,
    });
    runtime.listen((hint) => this.#event(hint), onConnected);
    return runtime;
  }

  #event(hint: ContainerHint): void {
    if (this.#options.restartsContainers) this.#startAgain(hint);
    this.#options.onEvent(hint);
  }

  /** What Docker does with another restart policy than `no`. */
  #startAgain({ taskId, containerName }: ContainerHint): void {
    const spec = this.#made.get(`${taskId}/${containerName}`);
    if (spec === undefined) return;
    const runtimeName = `${spec.runtimeName}-again`;
    this.#runtime.perform({ call: 'create', spec: { ...spec, runtimeName } }, () =>
      this.#runtime.perform({ call: 'start', ref: runtimeName }, () => {}),
    );
  }

  #look(): void {
    this.#options.world.oracle.observe(this.#options.host, this.#runtime.containers());
  }
}
