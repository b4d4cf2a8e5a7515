import { seededRandom, seedFromText } from '#libs/kernel';

/** A seeded source of chance. Each part of a world draws from its own fork, so that one part's draws do not shift another's. */
export class Chance {
  readonly #seed: string;
  readonly #random: () => number;

  constructor(seed: string) {
    this.#seed = seed;
    this.#random = seededRandom(seedFromText(seed));
  }

  fork(name: string): Chance {
    return new Chance(`${this.#seed}/${name}`);
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#random();
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.#random() < probability;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.#random() * (max - min + 1));
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.between(0, 15).toString(16);
    return text;
  }
}
