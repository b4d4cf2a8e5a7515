import { JOURNAL_STREAM } from '#libs/subjects';
import { type ForeignMessage, JournalDamaged, type StoredCommit, StoreUnavailable } from '#libs/event-store';
import { createInbox, type Msg, nuid, type Subscription } from '@nats-io/transport-node';
import { type ConnectionWatch, inboxPrefixOf } from './connection-watch.ts';
import { type DeliveryPlace, deliveryPlace } from './delivery-place.ts';
import { apiSubject, askJetStream } from './jetstream-api.ts';
import { commitOrDamage, isForeign, storedMessage } from './stored-message.ts';

/** What one feed delivers. */
export interface FeedHandlers {
  /** Commits that arrived together, in order; everything up to that position was delivered. */
  readonly onCommits: (commits: readonly StoredCommit[], position: number) => void;
  /** A feed of the whole journal has passed a message that is not a commit. A feed of one subject ends at it. */
  readonly onForeign: (message: ForeignMessage) => void;
  /** The feed ended by itself. */
  readonly onFailed: (error: Error) => void;
}

export interface FeedRange {
  /** One subject, or null for the whole journal. */
  readonly subject: string | null;
  readonly afterStreamRevision: number;
}

/**
 * Bounds of what the server may have under way to us. Above 64 MB pending it would drop the connection, so a request is
 * bounded in bytes, not in messages alone. One is under way at a time: the server deals messages out to several in turn
 * and no message shows for which request it was sent.
 */
const PULL_BYTES = 8 * 1024 * 1024;
const PULL_MESSAGES = 10_000;
const PULL_EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 1_000;
/** A feed without a sign of life for this many heartbeats has failed. */
const HEARTBEATS_MISSED_MAX = 4;
/** The server forgets an abandoned consumer after this time. */
const CONSUMER_IDLE_MS = 30_000;
const NANOSECONDS_PER_MS = 1_000_000;

const IDLE_HEARTBEAT = 100;
/** Ends of a request after which the next one is due. */
const REQUEST_DONE = new Set(['408 request timeout', '409 message size exceeds maxbytes', '409 batch completed']);

/**
 * Reads the journal through a consumer of its own, in order and without acknowledgements, and checks that nothing is
 * missing: the consumer's count shows a lost delivery, the journal's count a lost commit. Either ends the feed.
 */
export class JournalFeed {
  readonly #connection: ConnectionWatch;
  readonly #range: FeedRange;
  readonly #handlers: FeedHandlers;
  readonly #consumer = `waybill-${nuid.next()}`;
  readonly #inbox: string;
  #subscription: Subscription | null = null;
  /** Number of the last request; its answers carry it as the last token of their subject. */
  #pullNumber = 0;
  /** Messages still to come of the request that is under way; 0: none is. */
  #pullLeft = 0;
  #delivered = 0;
  #position: number;
  /** The shard's own count; 0 before the first commit of a feed of one subject. */
  #revision = 0;
  #batch: StoredCommit[] = [];
  #flushing = false;
  #paused = true;
  #ended = false;
  #silentHeartbeats = 0;
  #monitor: NodeJS.Timeout | null = null;
  #forgetConnection: () => void = () => {};

  private constructor(connection: ConnectionWatch, range: FeedRange, handlers: FeedHandlers) {
    this.#connection = connection;
    this.#range = range;
    this.#handlers = handlers;
    this.#position = range.afterStreamRevision;
    this.#inbox = createInbox(inboxPrefixOf(connection.nc));
  }

  /** A feed that asks for nothing before its first `resume`. @throws StoreUnavailable */
  static async open(connection: ConnectionWatch, range: FeedRange, handlers: FeedHandlers): Promise<JournalFeed> {
    const feed = new JournalFeed(connection, range, handlers);
    await feed.#createConsumer();
    feed.#subscription = connection.nc.subscribe(`${feed.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) feed.#receive(message);
        else feed.#fail(new StoreUnavailable(`the journal's feed ended: ${error.message}`, { cause: error }));
      },
    });
    feed.#forgetConnection = connection.onLost(() => feed.#fail(new StoreUnavailable('the connection was lost')));
    feed.#monitor = setInterval(() => feed.#listenForLife(), HEARTBEAT_MS);
    return feed;
  }

  /** Asks for no more until `resume`; what is under way still comes. */
  pause(): void {
    this.#paused = true;
  }

  /** Asks for the next commits whenever it has received those it asked for. */
  resume(): void {
    this.#paused = false;
    this.#pull();
  }

  /** Ends the delivery. The consumer is removed; if that fails, the server forgets it by itself. */
  async close(): Promise<void> {
    if (this.#end()) await this.#removeConsumer();
  }

  async #createConsumer(): Promise<void> {
    const { subject, afterStreamRevision } = this.#range;
    const name = `${JOURNAL_STREAM}.${this.#consumer}${subject === null ? '' : `.${subject}`}`;
    await askJetStream(this.#connection, apiSubject(`CONSUMER.CREATE.${name}`), {
      stream_name: JOURNAL_STREAM,
      config: {
        name: this.#consumer,
        deliver_policy: 'by_start_sequence',
        opt_start_seq: afterStreamRevision + 1,
        ack_policy: 'none',
        replay_policy: 'instant',
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: CONSUMER_IDLE_MS * NANOSECONDS_PER_MS,
        ...(subject === null ? {} : { filter_subject: subject }),
      },
    });
  }

  async #removeConsumer(): Promise<void> {
    await askJetStream(this.#connection, apiSubject(`CONSUMER.DELETE.${JOURNAL_STREAM}.${this.#consumer}`)).catch(
      () => {
        // The server removes an idle consumer after CONSUMER_IDLE_MS; nothing waits for it.
      },
    );
  }

  #pull(): void {
    if (this.#ended || this.#paused || this.#pullLeft > 0) return;
    this.#pullNumber += 1;
    this.#pullLeft = PULL_MESSAGES;
    const request = {
      batch: PULL_MESSAGES,
      max_bytes: PULL_BYTES,
      expires: PULL_EXPIRES_MS * NANOSECONDS_PER_MS,
      idle_heartbeat: HEARTBEAT_MS * NANOSECONDS_PER_MS,
    };
    this.#connection.nc.publish(
      apiSubject(`CONSUMER.MSG.NEXT.${JOURNAL_STREAM}.${this.#consumer}`),
      JSON.stringify(request),
      {
        reply: `${this.#inbox}.${this.#pullNumber}`,
      },
    );
  }

  #receive(message: Msg): void {
    if (this.#ended) return;
    this.#silentHeartbeats = 0;
    // Deliveries carry a subject for acknowledgements, which shows their place; the server's own words carry none.
    const place = deliveryPlace(message);
    if (place === null) this.#receiveStatus(message);
    else this.#receiveCommit(message, place);
  }

  #receiveStatus({ subject, headers }: Msg): void {
    if (headers?.code === IDLE_HEARTBEAT) {
      const sent = Number(headers.get('Nats-Last-Consumer'));
      if (sent > this.#delivered)
        this.#fail(new StoreUnavailable(`deliveries ${this.#delivered + 1} to ${sent} are lost`));
      return;
    }
    const status = headers?.status ?? '';
    if (!REQUEST_DONE.has(status.toLowerCase())) {
      this.#fail(new StoreUnavailable(`the journal's feed ended: ${status || 'no status'}`));
    } else if (subject === `${this.#inbox}.${this.#pullNumber}`) {
      this.#pullLeft = 0;
      this.#pull();
    }
  }

  #receiveCommit(message: Msg, place: DeliveryPlace): void {
    try {
      this.#takeInOrder(message, place);
    } catch (error) {
      // Whole commits that came before are delivered before the failure is reported.
      this.#flush();
      this.#fail(error instanceof Error ? error : new StoreUnavailable(String(error)));
      return;
    }
    // Everything of one socket read arrives within one turn; the microtask after it delivers all of it together.
    if (!this.#flushing) queueMicrotask(() => this.#flush());
    this.#flushing = true;
    this.#pullLeft -= 1;
    this.#pull();
  }

  /** @throws StoreUnavailable for a lost delivery, JournalDamaged for a lost commit */
  #takeInOrder(message: Msg, { streamRevision, delivery }: DeliveryPlace): void {
    if (delivery !== this.#delivered + 1) {
      throw new StoreUnavailable(`delivery ${delivery} came after ${this.#delivered}`);
    }
    if (this.#range.subject === null && streamRevision !== this.#position + 1) {
      throw new JournalDamaged(
        `message ${streamRevision} of the journal comes after ${this.#position}: what lay between is lost`,
      );
    }
    const stored = storedMessage(message.subject, streamRevision, message.headers, message.string());
    if (this.#range.subject === null && isForeign(stored)) this.#handlers.onForeign(stored);
    else this.#take(commitOrDamage(stored));
    this.#delivered = delivery;
    this.#position = streamRevision;
  }

  #take(commit: StoredCommit): void {
    if (this.#range.subject !== null) {
      if (this.#revision > 0 && commit.revision !== this.#revision + 1) {
        throw new JournalDamaged(
          `commit ${commit.revision} of shard ${commit.shard} comes after ${this.#revision}: what lay between is lost`,
        );
      }
      this.#revision = commit.revision;
    }
    this.#batch.push(commit);
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#ended) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#handlers.onCommits(batch, this.#position);
  }

  /** Counts ticks, not time: a process that was busy or asleep for long is not taken for a silent server. */
  #listenForLife(): void {
    this.#silentHeartbeats += 1;
    // A paused feed may have no request under way, and receives nothing.
    if (this.#pullLeft === 0) this.#silentHeartbeats = 0;
    if (this.#silentHeartbeats > HEARTBEATS_MISSED_MAX) {
      this.#fail(new StoreUnavailable(`no sign of life from the journal for ${HEARTBEATS_MISSED_MAX} heartbeats`));
    }
  }

  #fail(error: Error): void {
    if (this.#end()) {
      this.#handlers.onFailed(error);
      void this.#removeConsumer();
    }
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    if (this.#monitor !== null) clearInterval(this.#monitor);
    this.#forgetConnection();
    this.#subscription?.unsubscribe();
    return true;
  }
}
