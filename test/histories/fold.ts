import { parseShard } from '#libs/ecs/messages';
import type { AccountEvent, ClusterEvent } from '#libs/ecs/messages';
import { accountDecider, clusterDecider } from '#libs/ecs/deciders';
import type { AccountState, ClusterState } from '#libs/ecs/deciders';
import { canonicalJson, decodeCommit, ShardFold } from '#libs/kernel';
import { ViewDirectory } from '#libs/ecs/views';
import { sha256 } from './recorder.ts';

/** What a history comes to: the golden file beside it. */
export interface Folded {
  readonly shard: string;
  readonly revision: number;
  readonly hash: string;
  readonly events: number;
  readonly stateHash: string;
  readonly viewHash: string;
}

/** A fold and the event types that it met. */
export interface FoldedHistory {
  readonly folded: Folded;
  /** `<type> v<version>`. */
  readonly types: ReadonlySet<string>;
}

/** Folds a log into the writer's state and the views, every link of the chain checked. @throws when it does not fold */
export function foldHistory(lines: readonly string[]): FoldedHistory {
  const { shard } = decodeCommit(lines[0] ?? '');
  const parsed = parseShard(shard);
  if (parsed === undefined) throw new Error(`${shard} is no shard of this product`);
  const fold: ShardFold<ClusterState, ClusterEvent> | ShardFold<AccountState, AccountEvent> =
    parsed.cluster === null
      ? new ShardFold(shard, accountDecider(), sha256)
      : new ShardFold(shard, clusterDecider({ sagas: [] }), sha256);
  const views = new ViewDirectory({ account: parsed.account, region: '' });
  const types = new Set<string>();
  let events = 0;
  for (const line of lines) {
    const commit = fold.apply(line);
    for (const event of commit.decisions.flatMap((decision): readonly (AccountEvent | ClusterEvent)[] => decision.events)) {
      events += 1;
      types.add(`${event.type} v${event.v}`);
    }
    if (views.apply(commit) !== 'applied') throw new Error(views.haltOf(shard)?.error ?? 'the view did not apply it');
  }
  const { revision, hash } = fold.head;
  const stateHash = sha256(canonicalJson(fold.state));
  const viewHash = sha256(canonicalJson(views.contentOf(shard)));
  return { folded: { shard, revision, hash, events, stateHash, viewHash }, types };
}
