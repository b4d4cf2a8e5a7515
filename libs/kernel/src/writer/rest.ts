import type { ChainHead } from '../commit.ts';

/** A writer's state while nothing is speculative. It goes on changing once resumed. */
export interface Rest<State> {
  readonly state: State;
  readonly head: ChainHead;
  readonly resume: () => void;
}

/** Requests for the state at rest. Commands wait from the first request until every one has resumed. */
export class RestRequests<State> {
  readonly #callbacks: ((rest: Rest<State> | null) => void)[] = [];
  #holds = 0;

  /** A request waits for the rest. */
  get isWanted(): boolean {
    return this.#callbacks.length > 0;
  }

  /** Commands wait. */
  get isInTheWay(): boolean {
    return this.isWanted || this.#holds > 0;
  }

  add(callback: (rest: Rest<State> | null) => void): void {
    this.#callbacks.push(callback);
  }

  /** Nothing is speculative: `resumed` is called when the last of those who look has resumed. */
  grant(state: State, head: ChainHead, resumed: () => void): void {
    const callbacks = this.#callbacks.splice(0);
    this.#holds += callbacks.length;
    for (const callback of callbacks) {
      let isHeld = true;
      const resume = (): void => {
        if (!isHeld) return;
        isHeld = false;
        this.#holds -= 1;
        if (this.#holds === 0) resumed();
      };
      callback({ state, head, resume });
    }
  }

  /** The writer is gone. */
  drop(): void {
    for (const callback of this.#callbacks.splice(0)) callback(null);
  }
}
