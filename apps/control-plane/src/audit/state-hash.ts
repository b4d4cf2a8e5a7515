import { canonicalJson } from '#libs/kernel';
import { accountShard, parseShard } from '#libs/contracts';
import type { ViewDirectory } from '#libs/projections';
import type { CommitFeed } from '../views/commit-feed.ts';
import type { ShardHost } from '../shards/shard-host.ts';
import { sha256 } from '../shards/writer-shell.ts';

/** The live state of a shard at one revision, for `waybill replay --verify`. */
export interface ShardFingerprint {
  readonly shard: string;
  readonly revision: number;
  readonly hash: string;
  readonly term: number;
  /** sha256 of the canonical text of the writer's state. */
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
  if (shell === undefined) return undefined;
  // The views were fed before the writer came to rest, in the same turn: both hashes are of one revision.
  const fingerprint = await shell.atRest((state: unknown, head) => ({
    shard,
    revision: head.revision,
    hash: head.hash,
    term: head.term,
    stateHash: sha256(canonicalJson(state)),
    viewRevision: feed.revisionOf(shard),
    viewHash: sha256(canonicalJson(views.contentOf(shard))),
  }));
  const { viewRevision, ...rest } = fingerprint;
  return viewRevision === rest.revision ? rest : undefined;
}

/** The shards that this process writes, account first. */
export function writtenShards(host: ShardHost, account: string): readonly string[] {
  return host.shells
    .map(({ shard }) => shard)
    .filter((shard) => parseShard(shard) !== undefined)
    .sort((a, b) => (a === accountShard(account) ? -1 : b === accountShard(account) ? 1 : a < b ? -1 : 1));
}
