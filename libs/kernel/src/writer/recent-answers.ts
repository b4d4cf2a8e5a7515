/** How many command ids a writer remembers: at 5,000 commands a second the last three seconds, far beyond any retry that races. */
export const RECENT_COMMANDS_MAX = 16_384;

/** The answers of the latest commands by their identity, so that a repeated command gets the first answer. Oldest out first. */
export class RecentAnswers {
  readonly #answers = new Map<string, unknown>();
  /** The keys in a ring: a map finds its oldest key only by walking over all that were deleted before it. */
  readonly #ring: string[] = [];
  #oldest = 0;

  get(key: string): { readonly answer: unknown } | undefined {
    return this.#answers.has(key) ? { answer: this.#answers.get(key) } : undefined;
  }

  remember(key: string, answer: unknown): void {
    const isNew = !this.#answers.has(key);
    this.#answers.set(key, answer);
    if (!isNew) return;
    if (this.#ring.length < RECENT_COMMANDS_MAX) {
      this.#ring.push(key);
      return;
    }
    this.#answers.delete(this.#ring[this.#oldest] ?? '');
    this.#ring[this.#oldest] = key;
    this.#oldest = (this.#oldest + 1) % RECENT_COMMANDS_MAX;
  }
}
