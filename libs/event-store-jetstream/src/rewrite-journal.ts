import { journal, JOURNAL_STREAM } from '#libs/subjects';
import type { StoredCommit } from '#libs/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { outcomeOfAnswer } from './append-outcome.ts';
import { openJournal } from './jetstream-event-store.ts';
import { appendHeaders } from './stored-message.ts';

/** Appends under way at a time. The server takes those of one connection in order. */
const WINDOW = 256;
const APPEND_TIMEOUT_MS = 30_000;

/**
 * Writes commits into a journal that must be empty, in their order, every text byte for byte. Positions are counted anew.
 * For repairs, with no other process at the journal.
 * @throws Error when a commit does not come to lie where it belongs
 */
export async function rewriteJournal(nc: NatsConnection, commits: AsyncIterable<StoredCommit>): Promise<number> {
  await openJournal(nc);
  const lastOfShard = new Map<string, number>();
  let position = 0;
  let pending: Promise<void>[] = [];
  for await (const commit of commits) {
    position += 1;
    pending.push(append(nc, commit, lastOfShard.get(commit.shard) ?? null, position));
    lastOfShard.set(commit.shard, position);
    if (pending.length < WINDOW) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
  return position;
}

async function append(nc: NatsConnection, commit: StoredCommit, expected: number | null, position: number) {
  const headers = appendHeaders({ ...commit, prevHash: '' }, expected, JOURNAL_STREAM);
  const options = { headers, timeout: APPEND_TIMEOUT_MS };
  const outcome = outcomeOfAnswer(await nc.request(journal.shard(commit.shard), commit.text, options));
  if (outcome.kind === 'appended' && outcome.streamRevision === position) return;
  throw new Error(
    `commit ${commit.revision} of ${commit.shard} could not be written again: ${JSON.stringify(outcome)}`,
  );
}

interface CursorState {
  readonly state: { readonly subjects?: Readonly<Record<string, number>> };
}

const CURSORS_STREAM = 'KV_WAYBILL_CURSORS';

/**
 * Sets every remembered position of the journal to the position that the same commit has now.
 * @param positionNow from a position before the rewriting to the one after it
 */
export async function moveCursors(nc: NatsConnection, positionNow: (before: number) => number): Promise<void> {
  const info = await nc.request(`$JS.API.STREAM.INFO.${CURSORS_STREAM}`, '{"subjects_filter":">"}');
  const subjects = Object.keys(info.json<CursorState>().state?.subjects ?? {});
  for (const subject of subjects) {
    const query = JSON.stringify({ last_by_subj: subject });
    const answer = await nc.request(`$JS.API.STREAM.MSG.GET.${CURSORS_STREAM}`, query);
    const { message } = answer.json<{ readonly message?: { readonly data?: string } }>();
    const before = Number(Buffer.from(message?.data ?? '', 'base64').toString());
    if (Number.isInteger(before) && before > 0) await nc.request(subject, String(positionNow(before)));
  }
}
