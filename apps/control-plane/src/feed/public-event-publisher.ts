import type { NatsConnection } from '@nats-io/transport-node';
import type { KV } from '@nats-io/kv';
import type { EventStore } from '#libs/event-store';
import { decodeCommit } from '#libs/kernel';
import type { Commit, DomainEvent } from '#libs/kernel';
import { publicEventsOf, ResourceChanges, resourceEventsOf } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';
import type { Logger } from 'pino';
import { publishBounded } from '../connections/bounded-payload.ts';

const CURSOR_KEY = 'public-events';
/** After a crash, at most this much is published again; every event keeps its id. Changed resources are told as often. */
const CURSOR_INTERVAL_MS = 1_000;

/**
 * Publishes state changes in EventBridge's shape and as CloudEvents, at least once, by the process that writes. What was
 * published is remembered as a position in the journal; whoever takes over starts there.
 */
export class PublicEventPublisher {
  readonly #nc: NatsConnection;
  readonly #cursors: KV;
  readonly #store: EventStore;
  readonly #views: ViewDirectory;
  readonly #log: Logger;
  readonly #resourceChanges = new ResourceChanges();
  readonly #queue: { readonly commit: Commit<DomainEvent>; readonly streamRevision: number }[] = [];
  #active = false;
  #published = 0;
  #saved = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { nc: NatsConnection; cursors: KV; store: EventStore; views: ViewDirectory; log: Logger }) {
    this.#nc = options.nc;
    this.#cursors = options.cursors;
    this.#store = options.store;
    this.#views = options.views;
    this.#log = options.log;
  }

  /** Publishes what an earlier writer may have left unpublished, then goes on with each commit. */
  async activate(): Promise<void> {
    const cursor = await this.#cursors.get(CURSOR_KEY);
    this.#published = cursor === null ? 0 : Number(cursor.string());
    this.#saved = this.#published;
    // Live ones first of all: a commit that is durable while the backlog is read must not fall between the two.
    this.#active = true;
    for await (const batch of this.#store.read(null, this.#saved)) {
      for (const stored of batch) this.#publish(decodeCommit(stored.text), stored.streamRevision);
    }
    this.#timer = setInterval(() => void this.#save(), CURSOR_INTERVAL_MS);
  }

  async deactivate(): Promise<void> {
    this.#active = false;
    clearInterval(this.#timer);
    await this.#save();
  }

  /** A commit that the views have just applied. It is told in a turn of its own: whoever waits for an answer goes first. */
  onCommit(commit: Commit<DomainEvent>, streamRevision: number): void {
    if (!this.#active) return;
    if (this.#queue.length === 0) setImmediate(() => this.#drain());
    this.#queue.push({ commit, streamRevision });
  }

  #drain(): void {
    for (const { commit, streamRevision } of this.#queue.splice(0)) this.#publish(commit, streamRevision);
  }

  #publish(commit: Commit<DomainEvent>, streamRevision: number): void {
    this.#send(publicEventsOf(this.#views, commit, this.#resourceChanges));
    this.#published = Math.max(this.#published, streamRevision);
  }

  /** One that is larger than a message may be is left out, as EventBridge leaves out what is over its own limit. */
  #send(events: readonly { readonly subject: string; readonly body: string }[]): void {
    for (const { subject, body } of events) publishBounded(this.#nc, subject, body, this.#log);
  }

  async #save(): Promise<void> {
    this.#drain();
    const position = this.#published;
    if (position === this.#saved) return;
    this.#send(resourceEventsOf(this.#views, this.#resourceChanges));
    try {
      // The server has what was published before the position that says so.
      await this.#nc.flush();
      await this.#cursors.put(CURSOR_KEY, String(position));
      this.#saved = position;
    } catch (error) {
      this.#log.warn({ err: error }, 'the position of the public events was not saved; they may be published again');
    }
  }
}
