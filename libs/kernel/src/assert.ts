/** A broken invariant: the shard stops loudly and reopens from the log. Never thrown for bad input. */
export class InvariantBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantBroken';
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}

/** The end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new InvariantBroken(`unexpected value ${JSON.stringify(value)}`);
}
