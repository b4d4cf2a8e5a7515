import { ecs } from '#contexts/ecs';
import { accountShard, parseShard } from '#libs/ecs/messages';
import type { ViewDirectory } from '#libs/ecs/views';
import type { CommitFeed } from '../views/commit-feed.ts';
import type { ShardHost } from '../shards/shard-host.ts';
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
export async function fingerprintOf(
  shard: string,
  { host, views, feed }: { host: ShardHost; views: ViewDirectory; feed: CommitFeed },
): Promise<ShardFingerprint | undefined> {
  const shell = host.shells.find((candidate) => candidate.shard === shard);
  const kind = ecs.shardKinds.find(({ owns }) => owns(shard, views.locale));
  if (shell === undefined || kind === undefined) return undefined;
  const fingerprint = await shell.whileAtRest(async (state: unknown, { revision, hash, term }) => {
    const stateHash = await hashInSlices(kind.snapshot.encode(state));
    const viewHash = await hashInSlices(views.contentOf(shard));
    // The view was fed before the writer came to rest; only another process's writer can have fed it since.
    return feed.revisionOf(shard) === revision ? { shard, revision, hash, term, stateHash, viewHash } : undefined;
  });
  return fingerprint ?? undefined;
}

/** The shards that this process writes, account first. */
export function writtenShards(host: ShardHost, account: string): readonly string[] {
  return host.shells
    .map(({ shard }) => shard)
    .filter((shard) => parseShard(shard) !== undefined)
    .sort((a, b) => (a === accountShard(account) ? -1 : b === accountShard(account) ? 1 : a < b ? -1 : 1));
}
