/**
 * Containers that were made here and that nobody has been asked to start yet: their first start need not look at them
 * before. After that only a look tells, since a start that has failed may have come to pass.
 */
export class Unstarted {
  readonly #ids = new Set<string>();

  made(id: string): void {
    this.#ids.add(id);
  }

  /** True once for each that was made: it is about to be started, or removed. */
  take(id: string): boolean {
    return this.#ids.delete(id);
  }
}
