import type { StatsSet } from '#libs/agents/protocol';

/** Gathers values into the one that is sent of an interval. */
export class Statistics {
  #min = 0;
  #max = 0;
  #sum = 0;
  #sampleCount = 0;

  add(value: number): void {
    this.#min = this.#sampleCount === 0 ? value : Math.min(this.#min, value);
    this.#max = this.#sampleCount === 0 ? value : Math.max(this.#max, value);
    this.#sum += value;
    this.#sampleCount += 1;
  }

  /** What was gathered since the last time; undefined: nothing, which is not zero. */
  take(): StatsSet | undefined {
    if (this.#sampleCount === 0) return undefined;
    const taken = { min: this.#min, max: this.#max, sum: this.#sum, sampleCount: this.#sampleCount };
    this.#sum = 0;
    this.#sampleCount = 0;
    return taken;
  }
}

/** Two counters of one thing, each the increase from one reading to the next. */
export class CounterPair<Name extends string> {
  readonly #names: readonly [Name, Name];
  readonly #statistics = [new Statistics(), new Statistics()] as const;
  #before: Readonly<Record<Name, number>> | undefined;

  constructor(one: Name, other: Name) {
    this.#names = [one, other];
  }

  /** @param counters undefined: they could not be read, so the next ones begin anew */
  add(counters: Readonly<Record<Name, number>> | undefined): void {
    const before = this.#before;
    this.#before = counters;
    if (before === undefined || counters === undefined) return;
    // Counters that went back belong to another life of the container.
    if (this.#names.some((name) => counters[name] < before[name])) return;
    for (const [index, name] of this.#names.entries()) {
      this.#statistics[index === 0 ? 0 : 1].add(counters[name] - before[name]);
    }
  }

  take(): Readonly<Record<Name, StatsSet>> | undefined {
    const [one, other] = [this.#statistics[0].take(), this.#statistics[1].take()];
    if (one === undefined || other === undefined) return undefined;
    const [oneName, otherName] = this.#names;
    return { [oneName]: one, [otherName]: other } as Readonly<Record<Name, StatsSet>>;
  }
}
