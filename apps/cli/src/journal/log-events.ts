import type { LogCommit } from '#libs/projections';
import type { EventStore } from '#libs/event-store';
import { decodeCommit } from '#libs/kernel';
import type { LogEvent } from '#libs/projections';

/** A commit with its place in the journal. */
export interface PlacedCommit {
  readonly commit: LogCommit;
  readonly streamRevision: number;
}

/** Every commit of one shard, or of all (null), in order. */
export async function* commitsOf(log: EventStore, shard: string | null): AsyncIterable<PlacedCommit> {
  for await (const batch of log.read(shard, 0)) {
    for (const { text, streamRevision } of batch) yield { commit: decodeCommit<LogEvent>(text), streamRevision };
  }
}
