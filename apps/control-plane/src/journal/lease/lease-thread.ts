import { Worker } from 'node:worker_threads';
import type { LeaseHandlers } from '#libs/event-store-jetstream';
import { LeaseMemory, monotonicMs } from './lease-memory.ts';

/** A process whose main thread has had no turn for this long is taken for dead, and its lease runs out. */
const OWNER_SILENCE_MS_MAX = 10_000;
const BEAT_INTERVAL_MS = 250;

/** One process's wish to hold one lease. */
export interface Campaign {
  /** True only while no other process can have it. */
  readonly held: boolean;
  /** Another number each time that it is acquired. Look at `held` first. */
  readonly holding: number;
  /** Ends the campaign and gives the lease back at once. */
  resign(): Promise<void>;
}

/** Where leases come from. */
export interface Leases {
  campaign(key: string, holder: string, handlers: LeaseHandlers): Campaign;
}

/** What the thread is to keep. */
export interface LeaseOrder {
  readonly env: NodeJS.ProcessEnv;
  readonly key: string;
  readonly holder: string;
  readonly buffer: SharedArrayBuffer;
  readonly ownerSilenceMsMax: number;
}

/** What it reports. */
export type LeaseNews =
  { readonly kind: 'acquired' } | { readonly kind: 'lost'; readonly reason: string } | { readonly kind: 'resigned' };

export interface LeaseThreadOptions {
  /** Where NATS is. */
  readonly env: NodeJS.ProcessEnv;
  /** The thread has ended by itself; the lease is not kept any more. */
  readonly onFailed: (error: Error) => void;
  /** The module that the thread runs, and how; for specs. */
  readonly entry?: URL;
  readonly execArgv?: readonly string[];
  readonly ownerSilenceMsMax?: number;
}

/**
 * Leases that a thread of their own renews, over a connection of its own: however much this process has to do, it keeps
 * what it holds, and loses it only when its main thread has no turn at all for many seconds.
 */
export class LeaseThread implements Leases {
  readonly #options: LeaseThreadOptions;

  constructor(options: LeaseThreadOptions) {
    this.#options = options;
  }

  campaign(key: string, holder: string, handlers: LeaseHandlers): Campaign {
    return new ThreadedCampaign(key, holder, handlers, this.#options);
  }
}

class ThreadedCampaign implements Campaign {
  readonly #memory = new LeaseMemory();
  readonly #worker: Worker;
  readonly #beat: NodeJS.Timeout;
  readonly #handlers: LeaseHandlers;
  readonly #ended: Promise<void>;
  #isResigning = false;

  constructor(key: string, holder: string, handlers: LeaseHandlers, options: LeaseThreadOptions) {
    const { env, onFailed, ownerSilenceMsMax = OWNER_SILENCE_MS_MAX, execArgv } = options;
    const { entry = new URL('lease-worker.js', import.meta.url) } = options;
    this.#handlers = handlers;
    this.#memory.ownerSeenAt = monotonicMs();
    this.#beat = setInterval(() => (this.#memory.ownerSeenAt = monotonicMs()), BEAT_INTERVAL_MS);
    const order: LeaseOrder = { env: { ...env }, key, holder, buffer: this.#memory.buffer, ownerSilenceMsMax };
    this.#worker = new Worker(entry, {
      workerData: order,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.#ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (news: LeaseNews) => this.#heard(news));
    this.#worker.on('error', (error) => {
      clearInterval(this.#beat);
      this.#memory.heldUntil = 0;
      if (!this.#isResigning) onFailed(error);
    });
  }

  get held(): boolean {
    return monotonicMs() < this.#memory.heldUntil;
  }

  get holding(): number {
    return this.#memory.holding;
  }

  async resign(): Promise<void> {
    this.#isResigning = true;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is not a window
    this.#worker.postMessage('resign');
    await this.#ended;
  }

  #heard(news: LeaseNews): void {
    switch (news.kind) {
      case 'acquired':
        if (!this.#isResigning) this.#handlers.onAcquired();
        break;
      case 'lost':
        if (!this.#isResigning) this.#handlers.onLost(news.reason);
        break;
      case 'resigned':
        clearInterval(this.#beat);
        this.#memory.heldUntil = 0;
        void this.#worker.terminate();
    }
  }
}
