import { audit, journal } from '#libs/subjects';
import { type CommitLog, type ForeignMessage, JournalDamaged, type StoredCommit } from '#libs/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionWatch } from './connection-watch.ts';
import { findJournalStream, journalHead, journalSubjects } from './journal-stream.ts';
import { MessageReader } from './message-reader.ts';
import { commitOrDamage, isForeign } from './stored-message.ts';

/** Ranges of the journal that are read at the same time, so that no request waits for the one before. */
const LANES = 64;
/** Positions of the journal in one range. Within it a shard's commits are found one after the other. */
const LANE_POSITIONS_WHOLE = 4;
const LANE_POSITIONS_SHARD = 128;

export interface AuditLogOptions {
  /** Called for each message that is not a commit, when the whole journal is read. */
  readonly onForeign?: (message: ForeignMessage) => void;
}

/**
 * Opens the journal for an auditor's connection, which may read it message by message and do nothing else.
 * @throws JournalRefused if there is none, JournalDamaged if commits are missing, StoreUnavailable
 */
export async function openAuditLog(nc: NatsConnection, options: AuditLogOptions = {}): Promise<CommitLog> {
  const connection = new ConnectionWatch(nc);
  await findJournalStream(connection, audit.info);
  return new JetStreamAuditLog(connection, options.onForeign ?? (() => {}));
}

class JetStreamAuditLog implements CommitLog {
  readonly #connection: ConnectionWatch;
  readonly #reader: MessageReader;
  readonly #onForeign: (message: ForeignMessage) => void;

  constructor(connection: ConnectionWatch, onForeign: (message: ForeignMessage) => void) {
    this.#connection = connection;
    this.#reader = new MessageReader(connection.nc);
    this.#onForeign = onForeign;
  }

  async shards(): Promise<readonly string[]> {
    return (await journalSubjects(this.#connection, audit.info)).map((subject) => journal.shardOf(subject));
  }

  async readHead(shard: string): Promise<StoredCommit | null> {
    const message = await this.#reader.lastOn(journal.shard(shard));
    return message === null ? null : commitOrDamage(message);
  }

  async *read(shard: string | null, afterStreamRevision: number): AsyncIterable<readonly StoredCommit[]> {
    const end = await journalHead(this.#connection, audit.info);
    if (end < afterStreamRevision) {
      throw new JournalDamaged(`the journal ends at ${end}, before ${afterStreamRevision}: its tail was cut off`);
    }
    const lanes: Promise<readonly StoredCommit[]>[] = [];
    const gaps = new EmptyStretch();
    const step = shard === null ? LANE_POSITIONS_WHOLE : LANE_POSITIONS_SHARD;
    let next = afterStreamRevision + 1;
    let revision = 0;
    for (;;) {
      while (lanes.length < LANES && next <= end) {
        const [from, to] = [gaps.skip(next), Math.min(next + step - 1, end)];
        next = to + 1;
        if (from > to) continue;
        const lane = shard === null ? this.#readAll(from, to) : this.#readShard(shard, from, to, gaps);
        // Its failure is reported when its turn comes.
        lane.catch(() => {});
        lanes.push(lane);
      }
      const commits = await lanes.shift();
      if (commits === undefined) return;
      if (shard !== null) revision = assertContiguous(commits, revision);
      if (commits.length > 0) yield commits;
    }
  }

  async #readAll(from: number, to: number): Promise<readonly StoredCommit[]> {
    const positions = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const messages = await Promise.all(positions.map((position) => this.#reader.at(position)));
    const commits: StoredCommit[] = [];
    for (const [index, message] of messages.entries()) {
      if (message === null) throw new JournalDamaged(`message ${from + index} of the journal is lost`);
      if (isForeign(message)) this.#onForeign(message);
      else commits.push(message);
    }
    return commits;
  }

  async #readShard(shard: string, from: number, to: number, gaps: EmptyStretch): Promise<readonly StoredCommit[]> {
    const commits: StoredCommit[] = [];
    const subject = journal.shard(shard);
    for (let at = from; at <= to;) {
      const message = await this.#reader.nextOn(subject, at);
      const found = message?.streamRevision ?? Number.POSITIVE_INFINITY;
      if (message === null || found > to) {
        gaps.note(at, found);
        break;
      }
      commits.push(commitOrDamage(message));
      at = found + 1;
    }
    return commits;
  }
}

/** The longest stretch known to hold nothing of the shard that is read: it is not asked for again. */
class EmptyStretch {
  #from = 0;
  #until = 0;

  note(from: number, until: number): void {
    if (until <= this.#until) return;
    this.#from = from;
    this.#until = until;
  }

  /** The first position from here on at which something may lie. */
  skip(position: number): number {
    return position >= this.#from && position < this.#until ? this.#until : position;
  }
}

/** @throws JournalDamaged where the shard's own count jumps */
function assertContiguous(commits: readonly StoredCommit[], before: number): number {
  let last = before;
  for (const { shard, revision } of commits) {
    if (last > 0 && revision !== last + 1) {
      throw new JournalDamaged(`commit ${revision} of shard ${shard} comes after ${last}: what lay between is lost`);
    }
    last = revision;
  }
  return last;
}
