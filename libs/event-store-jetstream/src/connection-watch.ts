import type { NatsConnection } from '@nats-io/transport-node';

/**
 * Whether a connection is up, and a bell for each moment it goes down or comes back. The client itself knows no such
 * moment: a request over a lost connection waits for its time-out, and what is published meanwhile is thrown away by the
 * next dialling or, worse for an append, sent after the reconnect, when its fate was already settled.
 */
export class ConnectionWatch {
  readonly nc: NatsConnection;
  readonly #whenLost = new Set<() => void>();
  readonly #whenBack = new Set<() => void>();
  #up = true;

  constructor(nc: NatsConnection) {
    this.nc = nc;
    void this.#follow();
  }

  get connected(): boolean {
    // While the client dials it has no server information; that shows before its status event is delivered.
    return this.#up && !this.nc.isClosed() && this.nc.info !== undefined;
  }

  /** Calls once when the connection is lost. Returns the way to take that back. */
  onLost(bell: () => void): () => void {
    this.#whenLost.add(bell);
    return () => this.#whenLost.delete(bell);
  }

  /** What comes first: the promise, or the loss of the connection. */
  async unlessLost<Result, Lost>(promise: Promise<Result>, whenLost: Lost): Promise<Result | Lost> {
    return await new Promise<Result | Lost>((resolve, reject) => {
      const forget = this.onLost(() => resolve(whenLost));
      promise.then(resolve, reject).finally(forget);
    });
  }

  /** Waits for the connection. False: not within that time, or it was closed for good. */
  async waitUntilConnected(timeoutMs: number): Promise<boolean> {
    if (this.connected) return true;
    if (this.nc.isClosed() || timeoutMs <= 0) return false;
    await new Promise<void>((resolve) => {
      const proceed = (): void => {
        clearTimeout(timer);
        this.#whenBack.delete(proceed);
        resolve();
      };
      const timer = setTimeout(proceed, timeoutMs);
      this.#whenBack.add(proceed);
    });
    return this.connected;
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (type === 'reconnect') {
        this.#up = true;
        ring(this.#whenBack);
      } else if (type === 'disconnect' || type === 'close') {
        this.#up = false;
        ring(this.#whenLost);
      }
    }
    this.#up = false;
    ring(this.#whenLost);
    ring(this.#whenBack);
  }
}

function ring(bells: Set<() => void>): void {
  const all = [...bells];
  bells.clear();
  for (const bell of all) bell();
}

/** Below which subjects a connection may await answers; the public interface of the client does not show it. */
export function inboxPrefixOf(
  nc: NatsConnection & { readonly options?: { readonly inboxPrefix?: string } },
): string | undefined {
  return nc.options?.inboxPrefix;
}
