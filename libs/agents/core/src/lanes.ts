import type { Step } from './step.ts';

/** Work of one kind on one host, so many at once and the others in line. */
export type LaneName = 'pull' | 'start' | 'other';

/** A step that a shell performs. */
export type WorkKind = Exclude<Step['kind'], 'wait' | 'forget'>;

export interface LaneLimits {
  readonly pullsInFlightMax: number;
  /** Creations, starts and restarts together. */
  readonly startsInFlightMax: number;
  readonly othersInFlightMax: number;
}

export function laneOf(kind: WorkKind): LaneName {
  if (kind === 'pull') return 'pull';
  return kind === 'create' || kind === 'start' || kind === 'restart' ? 'start' : 'other';
}

/** First come, first served; a container that only has to be started goes before those that must still be made. */
export class Lane<Item> {
  readonly #inFlightMax: number;
  #inFlight = 0;
  readonly #urgent = new Set<Item>();
  readonly #waiting = new Set<Item>();
  /** The one that `next` has just called up: those behind it do not stop it. */
  #called: Item | undefined;

  constructor(inFlightMax: number) {
    this.#inFlightMax = inFlightMax;
  }

  /** True: go ahead, and `leave` later. False: the item is in line and will be handed out by `next`. */
  enter(item: Item, urgent: boolean): boolean {
    const first = urgent || item === this.#called || this.#urgent.size + this.#waiting.size === 0;
    if (first && this.#inFlight < this.#inFlightMax) {
      this.#inFlight += 1;
      this.withdraw(item);
      return true;
    }
    if (urgent) this.#urgent.add(item);
    else if (!this.#urgent.has(item)) this.#waiting.add(item);
    return false;
  }

  leave(): void {
    this.#inFlight -= 1;
  }

  /** The first in line, if there is room for it. It must enter again. */
  next(): Item | undefined {
    this.#called = undefined;
    if (this.#inFlight >= this.#inFlightMax) return undefined;
    for (const line of [this.#urgent, this.#waiting]) {
      for (const item of line) {
        line.delete(item);
        this.#called = item;
        return item;
      }
    }
    return undefined;
  }

  withdraw(item: Item): void {
    this.#urgent.delete(item);
    this.#waiting.delete(item);
  }
}
