/** Closes what a start has opened, when it fails half way: a provider that was not made has no life-cycle hook. */
export class Closers {
  readonly #close: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#close.push(close);
  }

  /** What was opened last is closed first. */
  async closeAll(): Promise<void> {
    for (const close of this.#close.splice(0).reverse()) await close();
  }
}
