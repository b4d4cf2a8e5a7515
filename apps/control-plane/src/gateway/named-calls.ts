import type { DispatchResult } from './service-calls.ts';
import type { RememberedCall, ResponseMemory } from './response-memory.ts';

/** Calls that are remembered; the oldest are forgotten first. Longer than that remembers the log, by the id of the command. */
export const NAMED_CALLS_MAX = 16_384;

/**
 * Calls whose sender gave them an id. One that comes again is answered with the first response. An error is not kept: it
 * changed nothing, and the sender repeats the call to have it done.
 */
export class NamedCalls {
  readonly #memory: ResponseMemory;
  readonly #calls = new Map<string, RememberedCall>();

  constructor(memory: ResponseMemory) {
    this.#memory = memory;
  }

  run(name: string, serve: () => Promise<DispatchResult>): Promise<DispatchResult> {
    const known = this.#calls.get(name)?.response;
    if (known !== undefined && known !== null) return known;
    const response = serve().then((result) => {
      if (!('error' in result)) this.#memory.keep(remembered, result);
      else if (this.#calls.get(name) === remembered) this.#calls.delete(name);
      return result;
    });
    const remembered: RememberedCall = { response };
    this.#calls.set(name, remembered);
    if (this.#calls.size > NAMED_CALLS_MAX) this.#forgetOldest();
    return response;
  }

  #forgetOldest(): void {
    for (const oldest of this.#calls.keys()) {
      this.#calls.delete(oldest);
      return;
    }
  }
}
