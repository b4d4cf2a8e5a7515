import { BoundedMap } from '../bounded-map.ts';

/** How many command ids a writer remembers: at 5,000 commands a second the last three seconds, far beyond any retry that races. */
export const RECENT_COMMANDS_MAX = 16_384;

/** The answers of the latest commands by their identity, so that a repeated command gets the first answer. Oldest out first. */
export class RecentAnswers {
  readonly #answers = new BoundedMap<string, { readonly answer: unknown }>(RECENT_COMMANDS_MAX);

  get(key: string): { readonly answer: unknown } | undefined {
    return this.#answers.get(key);
  }

  remember(key: string, answer: unknown): void {
    this.#answers.set(key, { answer });
  }
}
