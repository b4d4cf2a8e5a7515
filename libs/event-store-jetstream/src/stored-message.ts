import { journal } from '#libs/subjects';
import { type ForeignMessage, JournalDamaged, type StoredCommit } from '#libs/event-store';
import type { EncodedCommit } from '#libs/kernel';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** So that a follower learns a commit's place without parsing its text. */
const REVISION_HEADER = 'Waybill-Revision';
const TERM_HEADER = 'Waybill-Term';
const HASH_HEADER = 'Waybill-Hash';

/** The headers of an append: the stream, the expectation, the identity for de-duplication, and the commit's place. */
export function appendHeaders(commit: EncodedCommit, expected: number | null, stream: string): MsgHdrs {
  const fields = headers();
  fields.set('Nats-Expected-Stream', stream);
  fields.set('Nats-Expected-Last-Subject-Sequence', String(expected ?? 0));
  fields.set('Nats-Msg-Id', commit.hash);
  fields.set(REVISION_HEADER, String(commit.revision));
  fields.set(TERM_HEADER, String(commit.term));
  fields.set(HASH_HEADER, commit.hash);
  return fields;
}

/** What lies at a place of the journal: a commit, or something that no writer put there. */
export function storedMessage(
  subject: string,
  streamRevision: number,
  fields: MsgHdrs | undefined,
  text: string,
): StoredCommit | ForeignMessage {
  const revision = Number(fields?.get(REVISION_HEADER));
  const term = Number(fields?.get(TERM_HEADER));
  const hash = fields?.get(HASH_HEADER) ?? '';
  const shard = journal.shardOf(subject);
  if (revision > 0 && term >= 0 && hash !== '') return { shard, streamRevision, term, revision, hash, text };
  const isShard = journal.isShard(shard);
  return { streamRevision, subject, bytes: Buffer.byteLength(text), shard: isShard ? shard : null };
}

export function isForeign(message: StoredCommit | ForeignMessage): message is ForeignMessage {
  return !('hash' in message);
}

/** @throws JournalDamaged for what is not a commit: nothing after it on its shard can be trusted */
export function commitOrDamage(message: StoredCommit | ForeignMessage): StoredCommit {
  if (!isForeign(message)) return message;
  const { streamRevision, subject } = message;
  throw new JournalDamaged(
    `the message at ${streamRevision} on ${subject} is not a commit: \`waybill doctor --repair\` takes it out`,
  );
}
