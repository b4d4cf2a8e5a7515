import type { Chance } from './chance.ts';
import type { Trace } from './trace.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How bad a network is. Probabilities in 0–1, delays in ms. */
export interface NetworkFaults {
  readonly loss: number;
  readonly duplication: number;
  readonly delayMs: readonly [min: number, max: number];
  /** Some messages take much longer, and so arrive after younger ones. */
  readonly lateness: number;
  readonly lateMs: readonly [min: number, max: number];
}

export const HEALTHY_NETWORK: NetworkFaults = {
  loss: 0,
  duplication: 0,
  delayMs: [1, 3],
  lateness: 0,
  lateMs: [0, 0],
};

/** Carries messages between ends: loses, doubles, delays and reorders them, and knows which end cannot reach which. */
export class SimNetwork {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #trace: Trace;
  /** Ends that are cut off, by direction: `from>to`, with `*` for everybody. */
  readonly #cuts = new Set<string>();
  faults: NetworkFaults = HEALTHY_NETWORK;
  /** Messages lost, doubled or late so far. */
  faultCount = 0;

  constructor(clock: VirtualClock, chance: Chance, trace: Trace) {
    this.#clock = clock;
    this.#chance = chance;
    this.#trace = trace;
  }

  /** One-way: what `from` sends does not arrive at `to`. `*` stands for everybody. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
    this.faultCount += 1;
  }

  /** Ends one cut. */
  mend(from: string, to: string): void {
    this.#cuts.delete(`${from}>${to}`);
  }

  heal(): void {
    this.#cuts.clear();
    this.faults = HEALTHY_NETWORK;
  }

  /** Sends a message; `deliver` runs once, twice, late or never. Payloads are copied: nothing is shared between ends. */
  send<Message>(from: string, to: string, message: Message, deliver: (message: Message) => void): void {
    const copies = 1 + (this.#chance.happens(this.faults.duplication) ? this.#fault() : 0);
    const text = JSON.stringify(message);
    for (let i = 0; i < copies; i++) {
      if (this.#chance.happens(this.faults.loss)) {
        this.faultCount += 1;
        continue;
      }
      this.#clock.after(this.#delay(), () => {
        if (this.isCut(from, to)) return;
        this.#trace.mix(`${from}>${to} ${text.length}`);
        deliver(JSON.parse(text) as Message);
      });
    }
  }

  #delay(): number {
    const { delayMs, lateness, lateMs } = this.faults;
    const delay = this.#chance.between(delayMs[0], delayMs[1]);
    if (!this.#chance.happens(lateness)) return delay;
    this.faultCount += 1;
    return delay + this.#chance.between(lateMs[0], lateMs[1]);
  }

  #fault(): 1 {
    this.faultCount += 1;
    return 1;
  }

  isCut(from: string, to: string): boolean {
    if (this.#cuts.size === 0) return false;
    return [`${from}>${to}`, `${from}>*`, `*>${to}`].some((cut) => this.#cuts.has(cut));
  }
}
