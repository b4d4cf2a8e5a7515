/** A map of at most so many entries: the one that was set first makes room for a new one. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #entriesMax: number;
  /** The keys in a ring: a map finds its oldest key only by walking over all that were deleted before it. */
  readonly #ring: Key[] = [];
  #oldest = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    if (!this.#entries.has(key)) this.#makeRoom(key);
    this.#entries.set(key, value);
  }

  #makeRoom(key: Key): void {
    if (this.#ring.length < this.#entriesMax) {
      this.#ring.push(key);
      return;
    }
    const oldest = this.#ring[this.#oldest];
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#ring[this.#oldest] = key;
    this.#oldest = (this.#oldest + 1) % this.#entriesMax;
  }
}
