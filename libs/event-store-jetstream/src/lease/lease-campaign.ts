import { LEASE_RENEW_INTERVAL_MS, LEASE_SAFETY_MARGIN_MS } from '#libs/event-store';
import { JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { Alarm } from './alarm.ts';

export interface LeaseHandlers {
  /** The lease is this process's. Must not throw. */
  readonly onAcquired: () => void;
  /** It is lost, or may be lost; called before another can have it. Not called after `resign`. Must not throw. */
  readonly onLost: (reason: string) => void;
  /** It is certainly held for this long from now on; called at each renewal. Must not throw. */
  readonly onHeld?: (forMs: number) => void;
  /** Whether the lease is wanted just now; one that is held and not wanted is left to run out. Must not throw. */
  readonly mayHold?: () => boolean;
}

export interface LeaseTerms {
  readonly nc: NatsConnection;
  readonly bucket: KV;
  /** Where the bucket's writes to the key can be heard. */
  readonly subject: string;
  readonly key: string;
  readonly holder: string;
  readonly handlers: LeaseHandlers;
  readonly ttlMs: number;
}

const RETRY_INTERVAL_MS = 250;

const WRONG_LAST_SEQUENCE = 10071;
const WRONG_LAST_SEQUENCE_IN_FLIGHT = 10164;

const now = (): number => performance.now();

/** One process's wish to hold one lease. */
export class LeaseCampaign {
  readonly #terms: LeaseTerms;
  readonly #alarm = new Alarm();
  readonly #listening: Subscription;
  readonly #done: Promise<void>;
  #resigned = false;
  /** The lease was given back: try at once. */
  #released = false;
  /** When the last sign of a holder was heard, by this process's own clock. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  /** Until when the lease is certainly this process's. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #expiry: NodeJS.Timeout | null = null;
  #holding = 0;

  /** Use WriterLeases.campaign. */
  constructor(terms: LeaseTerms) {
    this.#terms = terms;
    this.#listening = terms.nc.subscribe(terms.subject, { callback: (error, message) => this.#hear(error, message) });
    this.#done = this.#run();
  }

  /** Whether the lease is held now; true only while no other process can have it. */
  get held(): boolean {
    return now() < this.#heldUntil;
  }

  /** Another number each time that it is acquired. */
  get holding(): number {
    return this.#holding;
  }

  /** Ends the campaign and gives the lease back at once, if it is held. */
  async resign(): Promise<void> {
    this.#resigned = true;
    this.#alarm.ring();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#resigned) {
      if (!this.#mayHold()) {
        await this.#alarm.wait(RETRY_INTERVAL_MS);
        continue;
      }
      const revision = await this.#tryToAcquire();
      if (revision === null) await this.#waitForChance();
      else await this.#hold(revision);
    }
    this.#listening.unsubscribe();
  }

  async #tryToAcquire(): Promise<number | null> {
    this.#triedAt = now();
    try {
      const revision = await this.#terms.bucket.create(this.#terms.key, encode(this.#terms.holder));
      this.#holding += 1;
      this.#extend(this.#triedAt);
      return revision;
    } catch {
      // It is held, or the server does not answer: either way there is nothing to do but wait for the next chance.
      return null;
    }
  }

  /** Renews until the lease is lost or given back. */
  async #hold(acquired: number): Promise<void> {
    let revision = acquired;
    let pause = LEASE_RENEW_INTERVAL_MS;
    /** When the oldest renewal was sent whose outcome is unknown. */
    let doubtfulSince: number | null = null;
    this.#terms.handlers.onAcquired();
    for (;;) {
      await this.#alarm.wait(pause);
      if (!this.held || this.#resigned) break;
      if (!this.#mayHold()) {
        pause = RETRY_INTERVAL_MS;
        continue;
      }
      const sentAt = now();
      const renewal = await this.#renew(revision);
      if (!this.held || renewal === 'taken') break;
      pause = renewal === 'unanswered' ? RETRY_INTERVAL_MS : LEASE_RENEW_INTERVAL_MS;
      if (renewal === 'unanswered') {
        doubtfulSince ??= sentAt;
      } else {
        // Our entry under a revision that we did not know is a doubtful renewal that arrived.
        this.#extend(renewal.expected ? sentAt : (doubtfulSince ?? sentAt));
        revision = renewal.revision;
        doubtfulSince = null;
      }
    }
    if (this.#resigned) await this.#release(revision);
    else this.#lose(this.held ? 'another process holds it' : 'it was not renewed in time');
  }

  async #renew(revision: number): Promise<{ revision: number; expected: boolean } | 'taken' | 'unanswered'> {
    const { bucket, key, holder } = this.#terms;
    try {
      return { revision: await bucket.update(key, encode(holder), revision), expected: true };
    } catch (error) {
      if (!isConflict(error)) return 'unanswered';
    }
    try {
      const entry = await bucket.get(key);
      const own = entry?.operation === 'PUT' && entry.string() === holder;
      return own ? { revision: entry.revision, expected: false } : 'taken';
    } catch {
      return 'unanswered';
    }
  }

  async #release(revision: number): Promise<void> {
    const held = this.held;
    this.#settle();
    if (!held) return;
    await this.#terms.bucket.delete(this.#terms.key, { previousSeq: revision }).catch(() => {
      // It runs out by itself; only the next holder waits a little longer.
    });
  }

  async #waitForChance(): Promise<void> {
    for (;;) {
      if (this.#released || this.#resigned) break;
      const due = Math.max(this.#heardAt + this.#terms.ttlMs, this.#triedAt + RETRY_INTERVAL_MS) - now();
      if (due <= 0) break;
      await this.#alarm.wait(due);
    }
    this.#released = false;
  }

  /** The server keeps an entry for its TTL from when it arrived, which is after it was sent. */
  #extend(sentAt: number): void {
    this.#settle();
    this.#heldUntil = sentAt + this.#terms.ttlMs - LEASE_SAFETY_MARGIN_MS;
    this.#expiry = setTimeout(() => this.#lose('it was not renewed in time'), Math.max(0, this.#heldUntil - now()));
    this.#terms.handlers.onHeld?.(this.#heldUntil - now());
  }

  #mayHold(): boolean {
    return this.#terms.handlers.mayHold?.() ?? true;
  }

  #lose(reason: string): void {
    // The clock has reported it already.
    if (this.#expiry === null) return;
    this.#settle();
    this.#alarm.ring();
    this.#terms.handlers.onLost(reason);
  }

  #settle(): void {
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    this.#expiry = null;
    this.#heldUntil = Number.NEGATIVE_INFINITY;
  }

  #hear(error: Error | null, message: Msg): void {
    if (error !== null) return;
    // An attempt to get a free lease is heard here too, and says nothing about a holder.
    if (message.headers?.get('Nats-Expected-Last-Subject-Sequence') === '0') return;
    this.#heardAt = now();
    if (!message.headers?.has('KV-Operation')) return;
    this.#released = true;
    this.#alarm.ring();
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function isConflict(error: unknown): boolean {
  if (!(error instanceof JetStreamApiError)) return false;
  return error.code === WRONG_LAST_SEQUENCE || error.code === WRONG_LAST_SEQUENCE_IN_FLIGHT;
}
