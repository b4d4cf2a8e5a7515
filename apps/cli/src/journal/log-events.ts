import type { CommitLog, StoredCommit } from '#libs/event-store';
import { type Commit, CommitRefused, decodeCommit, type DomainEvent, upcastCommit } from '#libs/kernel';
import { CliProblem } from '../shell/cli-problem.ts';
import { ownerOf } from './contexts.ts';

/** A commit with its place in the journal. */
export interface PlacedCommit {
  readonly commit: Commit<DomainEvent>;
  readonly streamRevision: number;
}

/** Every commit of one shard, or of all (null), in order. */
export async function* commitsOf(log: CommitLog, shard: string | null): AsyncIterable<PlacedCommit> {
  for await (const batch of log.read(shard, 0)) {
    for (const stored of batch) yield { commit: decode(stored), streamRevision: stored.streamRevision };
  }
}

function decode({ shard, revision, text }: StoredCommit): Commit<DomainEvent> {
  try {
    const commit = decodeCommit(text);
    const owner = ownerOf(shard);
    // Facts of a context that this version does not know are passed on as they are: no reader of this version asks for them.
    return owner === undefined ? commit : upcastCommit(commit, owner.kind.decider.events);
  } catch (error) {
    if (error instanceof CommitRefused)
      throw new CliProblem(`${error.message}: use the command line of a newer Waybill`);
    if (!(error instanceof SyntaxError)) throw error;
    throw new CliProblem(
      `commit ${revision} of ${shard} is damaged (${error.message}): waybill replay reports how much is`,
    );
  }
}
