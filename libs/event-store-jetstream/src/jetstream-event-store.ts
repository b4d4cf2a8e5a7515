import { journal, JOURNAL_STREAM } from '#libs/subjects';
import {
  APPEND_TIMEOUT_MS,
  AppendDoubt,
  type AppendOutcome,
  type CommitHandlers,
  type CommitSubscription,
  type EventStore,
  type ForeignMessage,
  JournalDamaged,
  type StoredCommit,
  StoreUnavailable,
} from '#libs/event-store';
import { COMMIT_BYTES_HARD_MAX, type EncodedCommit } from '#libs/kernel';
import { MsgHdrsImpl, type NatsConnection } from '@nats-io/transport-node';
import { AckInbox } from './ack-inbox.ts';
import { outcomeOfAnswer, outcomeOfFailure } from './append-outcome.ts';
import { CommitQueue } from './commit-queue.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { apiSubject, askJetStream, JetStreamRefusal, MESSAGE_NOT_FOUND } from './jetstream-api.ts';
import { JournalFeed } from './journal-feed.ts';
import { ensureJournalStream, journalHead, type JournalOptions, journalSubjects } from './journal-stream.ts';
import { appendHeaders, commitOrDamage, storedMessage } from './stored-message.ts';

interface StoredMessageAnswer {
  readonly message: { readonly subject: string; readonly seq: number; readonly hdrs?: string; readonly data?: string };
}

/**
 * Opens the journal of a NATS account and creates it where there is none. The connection stays the caller's.
 * @throws JournalRefused if the stream has settings that could lose commits, JournalDamaged if commits are missing,
 * StoreUnavailable
 */
export async function openJournal(nc: NatsConnection, options: JournalOptions = {}): Promise<JetStreamEventStore> {
  const connection = new ConnectionWatch(nc);
  await ensureJournalStream(connection, options);
  return new JetStreamEventStore(connection, options.onForeign);
}

/** The journal in JetStream: one stream, one subject a shard, one message a commit. */
export class JetStreamEventStore implements EventStore {
  readonly #connection: ConnectionWatch;
  readonly #acks: AckInbox;
  readonly #doubt = new AppendDoubt();
  readonly #onForeign: (message: ForeignMessage) => void;

  /** Use openJournal, which looks at the stream first. */
  constructor(connection: ConnectionWatch, onForeign: (message: ForeignMessage) => void = () => {}) {
    this.#connection = connection;
    this.#acks = new AckInbox(connection.nc);
    this.#onForeign = onForeign;
  }

  async append(commit: EncodedCommit, expected: number | null): Promise<AppendOutcome> {
    return this.#doubt.judge(commit, await this.#send(commit, expected));
  }

  async #send(commit: EncodedCommit, expected: number | null): Promise<AppendOutcome> {
    const payload = Buffer.from(commit.text);
    if (payload.length > COMMIT_BYTES_HARD_MAX) {
      return { kind: 'refused', reason: `${payload.length} bytes, ${COMMIT_BYTES_HARD_MAX} are allowed` };
    }
    // Nothing is sent over a lost connection: it might arrive long after its fate was settled. Over one that is there it
    // is sent at once, before anything else that waits for a turn.
    if (!this.#connection.connected && !(await this.#connection.waitUntilConnected(APPEND_TIMEOUT_MS))) {
      return { kind: 'refused', reason: 'not connected' };
    }
    const headers = appendHeaders(commit, expected, JOURNAL_STREAM);
    const answered = this.#acks
      .request(journal.shard(commit.shard), payload, headers, APPEND_TIMEOUT_MS)
      .then(outcomeOfAnswer, outcomeOfFailure);
    return await this.#connection.unlessLost(answered, { kind: 'unknown', reason: 'the connection was lost' });
  }

  async readHead(shard: string): Promise<StoredCommit | null> {
    let answer: StoredMessageAnswer;
    try {
      // Not a direct get: a follower may answer that, and know less than the leader.
      answer = await askJetStream(this.#connection, apiSubject(`STREAM.MSG.GET.${JOURNAL_STREAM}`), {
        last_by_subj: journal.shard(shard),
      });
    } catch (error) {
      if (!(error instanceof JetStreamRefusal)) throw error;
      if (error.errCode === MESSAGE_NOT_FOUND) return null;
      throw new StoreUnavailable(error.message, { cause: error });
    }
    const { subject, seq, hdrs = '', data = '' } = answer.message;
    const headers = MsgHdrsImpl.decode(Buffer.from(hdrs, 'base64'));
    return commitOrDamage(storedMessage(subject, seq, headers, Buffer.from(data, 'base64').toString()));
  }

  async *read(shard: string | null, afterStreamRevision: number): AsyncIterable<readonly StoredCommit[]> {
    const journalEnd = await this.#endBeyond(afterStreamRevision);
    const end = shard === null ? journalEnd : ((await this.readHead(shard))?.streamRevision ?? 0);
    if (end <= afterStreamRevision) return;
    const queue = new CommitQueue();
    const subject = shard === null ? null : journal.shard(shard);
    const feed = await JournalFeed.open(
      this.#connection,
      { subject, afterStreamRevision },
      {
        onCommits: (commits, position) => {
          queue.push({ commits, position });
          feed.pause();
        },
        onForeign: this.#onForeign,
        onFailed: (error) => queue.fail(error),
      },
    );
    try {
      for (;;) {
        // The next request goes out only when everything that came was taken: a slow reader is never flooded.
        if (queue.isEmpty) feed.resume();
        const { commits, position } = await queue.take();
        yield position > end ? commits.filter((commit) => commit.streamRevision <= end) : commits;
        if (position >= end) return;
      }
    } finally {
      await feed.close();
    }
  }

  async subscribe(afterStreamRevision: number, handlers: CommitHandlers): Promise<CommitSubscription> {
    const end = await this.#endBeyond(afterStreamRevision);
    let caughtUp = false;
    let ended = false;
    const reached = (streamRevision: number): void => {
      if (caughtUp || ended || streamRevision < end) return;
      caughtUp = true;
      handlers.onCaughtUp();
    };
    const feed = await JournalFeed.open(
      this.#connection,
      { subject: null, afterStreamRevision },
      {
        onCommits: (commits, position) => {
          handlers.onCommits(commits);
          reached(position);
        },
        onForeign: this.#onForeign,
        onFailed: (error) => {
          ended = true;
          handlers.onFailed(error);
        },
      },
    );
    feed.resume();
    queueMicrotask(() => reached(afterStreamRevision));
    return {
      close: async () => {
        ended = true;
        await feed.close();
      },
    };
  }

  async shards(): Promise<readonly string[]> {
    try {
      return (await journalSubjects(this.#connection)).map((subject) => journal.shardOf(subject));
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** The journal's end, which must not lie before a position that was read already. */
  async #endBeyond(streamRevision: number): Promise<number> {
    let end: number;
    try {
      end = await journalHead(this.#connection);
    } catch (error) {
      throw unavailable(error);
    }
    if (end < streamRevision) {
      throw new JournalDamaged(`the journal ends at ${end}, before ${streamRevision}: its tail was cut off`);
    }
    return end;
  }
}

/** JetStream's refusals become the port's own error; a reader can only try again. */
function unavailable(error: unknown): unknown {
  return error instanceof JetStreamRefusal ? new StoreUnavailable(error.message, { cause: error }) : error;
}
