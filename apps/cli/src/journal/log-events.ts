import type { CommitLog, StoredCommit } from '#libs/event-store';
import { eventsOfShard } from '#libs/ecs/messages';
import { CommitRefused, decodeCommit, upcastCommit } from '#libs/kernel';
import type { LogCommit } from '#libs/ecs/views';
import { CliProblem } from '../shell/cli-problem.ts';

/** A commit with its place in the journal. */
export interface PlacedCommit {
  readonly commit: LogCommit;
  readonly streamRevision: number;
}

/** Every commit of one shard, or of all (null), in order. */
export async function* commitsOf(log: CommitLog, shard: string | null): AsyncIterable<PlacedCommit> {
  for await (const batch of log.read(shard, 0)) {
    for (const stored of batch) yield { commit: decode(stored), streamRevision: stored.streamRevision };
  }
}

function decode({ shard, revision, text }: StoredCommit): LogCommit {
  try {
    const commit = decodeCommit(text);
    const events = eventsOfShard(shard);
    // What a context that this version does not know has recorded is nobody's here.
    return (events === undefined ? commit : upcastCommit(commit, events)) as LogCommit;
  } catch (error) {
    if (error instanceof CommitRefused)
      throw new CliProblem(`${error.message}: use the command line of a newer Waybill`);
    if (!(error instanceof SyntaxError)) throw error;
    throw new CliProblem(
      `commit ${revision} of ${shard} is damaged (${error.message}): waybill replay reports how much is`,
    );
  }
}
