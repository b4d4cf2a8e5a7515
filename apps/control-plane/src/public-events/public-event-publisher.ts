import type { NatsConnection } from '@nats-io/transport-node';
import type { KV } from '@nats-io/kv';
import type { EventStore } from '#libs/event-store';
import { decodeCommit } from '#libs/kernel';
import type { Commit, DomainEvent, PublicEvent, PublicEvents } from '#libs/kernel';
import { events as subjects } from '#libs/subjects';
import type { Logger } from 'pino';
import { publishBounded } from '../nats/bounded-payload.ts';
import { binaryHeaders, structuredHeaders, structuredText } from './cloud-event-message.ts';

const CURSOR_KEY = 'public-events';
/** After a crash, at most this much is published again; every event keeps its id. Gathered events go out as often. */
const CURSOR_INTERVAL_MS = 1_000;

export interface PublicEventPublisherOptions {
  readonly nc: NatsConnection;
  readonly cursors: KV;
  readonly store: EventStore;
  /** Of each context. */
  readonly sources: readonly PublicEvents[];
  /** Whether each event is also sent as one JSON text, for readers that look at no headers. */
  readonly structuredCopies: boolean;
  readonly log: Logger;
}

/**
 * Publishes state changes, each as one message that is both an event of EventBridge and a CloudEvent, at least once, by the
 * process that writes. What was published is remembered as a position in the journal; the next writer starts there.
 */
export class PublicEventPublisher {
  readonly #options: PublicEventPublisherOptions;
  readonly #queue: { readonly commit: Commit<DomainEvent>; readonly streamRevision: number }[] = [];
  #active = false;
  #published = 0;
  #saved = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PublicEventPublisherOptions) {
    this.#options = options;
  }

  /** Publishes what an earlier writer may have left unpublished, then goes on with each commit. */
  async activate(): Promise<void> {
    const { cursors, store } = this.#options;
    const cursor = await cursors.get(CURSOR_KEY);
    this.#published = cursor === null ? 0 : Number(cursor.string());
    this.#saved = this.#published;
    // Live ones first of all: a commit that is durable while the backlog is read must not fall between the two.
    this.#active = true;
    for await (const batch of store.read(null, this.#saved)) {
      for (const stored of batch) this.#publish(decodeCommit(stored.text), stored.streamRevision);
    }
    this.#timer = setInterval(() => void this.#save(), CURSOR_INTERVAL_MS);
  }

  async deactivate(): Promise<void> {
    this.#active = false;
    clearInterval(this.#timer);
    await this.#save();
  }

  /** A commit that the views have just applied. Its events go out in a turn of their own: responses come first. */
  onCommit(commit: Commit<DomainEvent>, streamRevision: number): void {
    if (!this.#active) return;
    if (this.#queue.length === 0) setImmediate(() => this.#drain());
    this.#queue.push({ commit, streamRevision });
  }

  #drain(): void {
    for (const { commit, streamRevision } of this.#queue.splice(0)) this.#publish(commit, streamRevision);
  }

  #publish(commit: Commit<DomainEvent>, streamRevision: number): void {
    for (const source of this.#options.sources) this.#send(source.of(commit));
    this.#published = Math.max(this.#published, streamRevision);
  }

  /** One that is larger than a message may be is left out, as EventBridge leaves out what is over its own limit. */
  #send(events: readonly PublicEvent[]): void {
    const { nc, log, structuredCopies } = this.#options;
    for (const event of events) {
      const { subject, body } = event;
      publishBounded(nc, subject, body, log, binaryHeaders(event));
      if (structuredCopies) {
        publishBounded(nc, subjects.structured(subject), structuredText(event), log, structuredHeaders);
      }
    }
  }

  async #save(): Promise<void> {
    this.#drain();
    const position = this.#published;
    if (position === this.#saved) return;
    const { nc, cursors, sources, log } = this.#options;
    for (const source of sources) this.#send(source.gathered());
    try {
      // The server has what was published before the position that says so.
      await nc.flush();
      await cursors.put(CURSOR_KEY, String(position));
      this.#saved = position;
    } catch (error) {
      log.warn({ err: error }, 'the position of the public events was not saved; they may be published again');
    }
  }
}
