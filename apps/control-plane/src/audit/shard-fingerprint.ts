import type { Engine } from '#libs/engine';
import type { Rest } from '#libs/kernel';
import { hashInSlices } from './sliced-hash.ts';

/** The live state of a shard at one revision, for `waybill replay --verify`. */
export interface ShardFingerprint {
  readonly shard: string;
  readonly revision: number;
  readonly hash: string;
  readonly term: number;
  /** sha256 of the canonical text of the writer's state, as a snapshot has it. */
  readonly stateHash: string;
  /** sha256 of the canonical text of this process's view at the same revision. */
  readonly viewHash: string;
}

/** Takes the fingerprint at a moment when nothing is speculative. Undefined: this process does not write the shard. */
export async function fingerprintOf(shard: string, engine: Engine): Promise<ShardFingerprint | undefined> {
  const shell = engine.host.shell(shard);
  if (shell === undefined) return undefined;
  const rest = await new Promise<Rest<unknown> | null>((resolve) => shell.holdAtRest(resolve));
  if (rest === null) return undefined;
  try {
    const { revision, hash, term } = rest.head;
    const stateHash = await hashInSlices(shell.kind.snapshot.encode(rest.state));
    const viewHash = await hashInSlices(viewContentOf(shard, engine));
    // The view was fed before the writer came to rest; only another process's writer can have fed it since.
    return engine.feed.revisionOf(shard) === revision
      ? { shard, revision, hash, term, stateHash, viewHash }
      : undefined;
  } finally {
    rest.resume();
  }
}

function viewContentOf(shard: string, { contexts }: Engine): object | null {
  for (const { views } of contexts) {
    const content = views.contentOf(shard);
    if (content !== null) return content;
  }
  return null;
}
