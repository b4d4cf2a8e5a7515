import { audit } from '#libs/subjects';
import type { ForeignMessage, StoredCommit } from '#libs/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionWatch } from './connection-watch.ts';
import { askJetStream, JetStreamRefusal, STREAM_NOT_FOUND } from './jetstream-api.ts';
import { differencesOf } from './journal-stream.ts';
import { MessageReader, OWNER_SUBJECTS, type ReadSubjects } from './message-reader.ts';
import { isForeign } from './stored-message.ts';

/** What lies at one position of the journal. */
export type JournalPlace =
  | { readonly kind: 'commit'; readonly commit: StoredCommit }
  | { readonly kind: 'foreign'; readonly message: ForeignMessage }
  /** Nothing can be read there, and nothing was ever deleted. */
  | { readonly kind: 'lost'; readonly streamRevision: number };

interface StreamInfo {
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: { readonly last_seq: number };
}

/** Requests under way at a time. */
const WINDOW = 256;

/** Reads the journal place by place, whatever lies there: for those who examine it. */
export class JournalProbe {
  readonly #connection: ConnectionWatch;
  readonly #reader: MessageReader;
  readonly #subjects: ReadSubjects;

  /** @param as `auditor` in the account of auditors, `owner` in the account of the journal */
  constructor(nc: NatsConnection, as: 'auditor' | 'owner') {
    this.#subjects = as === 'owner' ? OWNER_SUBJECTS : audit;
    this.#connection = new ConnectionWatch(nc);
    this.#reader = new MessageReader(nc, this.#subjects);
  }

  /** The last position and what makes the stream unfit to be a journal, or null where there is no journal. @throws StoreUnavailable */
  async head(): Promise<{ readonly end: number; readonly unfit: readonly string[] } | null> {
    try {
      const { config, state } = await askJetStream<StreamInfo>(this.#connection, this.#subjects.info);
      return { end: state.last_seq, unfit: differencesOf(config) };
    } catch (error) {
      if (error instanceof JetStreamRefusal && error.errCode === STREAM_NOT_FOUND) return null;
      throw error;
    }
  }

  /** Every place from the first to `end`, in order. @throws StoreUnavailable */
  async *places(end: number): AsyncIterable<JournalPlace> {
    const pending: Promise<JournalPlace>[] = [];
    for (let next = 1; next <= end || pending.length > 0;) {
      while (pending.length < WINDOW && next <= end) {
        const place = this.#place(next);
        // Its failure is reported when its turn comes.
        place.catch(() => {});
        pending.push(place);
        next += 1;
      }
      const place = await pending.shift();
      if (place !== undefined) yield place;
    }
  }

  async #place(streamRevision: number): Promise<JournalPlace> {
    const found = await this.#reader.at(streamRevision);
    if (found === null) return { kind: 'lost', streamRevision };
    return isForeign(found) ? { kind: 'foreign', message: found } : { kind: 'commit', commit: found };
  }
}
