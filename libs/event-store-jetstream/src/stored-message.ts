import { journal } from '#libs/contracts';
import { JournalDamaged, type StoredCommit } from '#libs/event-store';
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

/** @throws JournalDamaged if somebody put a message there that is not a commit */
export function storedCommit(
  subject: string,
  streamRevision: number,
  fields: MsgHdrs | undefined,
  text: string,
): StoredCommit {
  const revision = Number(fields?.get(REVISION_HEADER));
  const term = Number(fields?.get(TERM_HEADER));
  const hash = fields?.get(HASH_HEADER) ?? '';
  if (!(revision > 0) || !(term >= 0) || hash === '') {
    throw new JournalDamaged(`the message at ${streamRevision} on ${subject} is not a commit`);
  }
  return { shard: journal.shardOf(subject), streamRevision, term, revision, hash, text };
}
