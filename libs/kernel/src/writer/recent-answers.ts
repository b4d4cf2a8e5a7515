/** How many command ids a writer remembers: at 5,000 commands a second the last three seconds, far beyond any retry that races. */
export const RECENT_COMMANDS_MAX = 16_384;

/** The answers of the latest commands by their identity, so that a repeated command gets the first answer. Oldest out first. */
export class RecentAnswers {
  readonly #answers = new Map<string, unknown>();

  get(key: string): { readonly answer: unknown } | undefined {
    return this.#answers.has(key) ? { answer: this.#answers.get(key) } : undefined;
  }

  remember(key: string, answer: unknown): void {
    this.#answers.set(key, answer);
    if (this.#answers.size > RECENT_COMMANDS_MAX) {
      const oldest = this.#answers.keys().next();
      if (!oldest.done) this.#answers.delete(oldest.value);
    }
  }
}
