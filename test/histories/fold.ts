import { ecs } from '#contexts/ecs';
import { parseShard } from '#libs/ecs/messages';
import { canonicalJson, decodeCommit, ShardFold } from '#libs/kernel';
import type { AnyShardKind, Commit, DomainEvent, Locale } from '#libs/kernel';
import { describedOf, hiddenState, historiesOf } from './golden.ts';
import type { Golden, Moment } from './golden.ts';
import { sha256 } from '#libs/platform';
import { REGION } from './stories/account.story.ts';

/** A fold and the event types that it met. */
export interface FoldedHistory {
  readonly golden: Golden;
  readonly stateHash: string;
  readonly viewHash: string;
  /** `<type> v<version>`. */
  readonly types: ReadonlySet<string>;
}

/**
 * Folds a log into the writer's state and the views, every link of the chain checked.
 * @param revisions the commits at which it is looked at, in order; the end is one more
 * @throws when it does not fold
 */
export function foldHistory(lines: readonly string[], revisions: readonly number[] = []): FoldedHistory {
  const { shard, locale, kind } = shardOf(lines);
  const clusterName = parseShard(shard)?.cluster ?? null;
  const fold = new ShardFold(shard, kind.decider, sha256);
  const views = ecs.createViews(locale);
  const types = new Set<string>();
  const commits: Commit<DomainEvent>[] = [];
  const moments: Moment[] = [];
  let events = 0;
  for (const line of lines) {
    const commit = fold.apply(line);
    commits.push(commit);
    for (const event of commit.decisions.flatMap((decision) => decision.events)) {
      events += 1;
      types.add(`${event.type} v${event.v}`);
    }
    if (views.apply(commit) !== 'applied') throw new Error(views.haltOf(shard)?.error ?? 'the view did not apply it');
    const { revision } = commit;
    if (revision !== lines.length && !revisions.includes(revision)) continue;
    const state = hiddenState(kind.snapshot.encode(fold.state));
    // As text and back, as the file has it: what is undefined is left out.
    moments.push(JSON.parse(JSON.stringify({ revision, described: describedOf(views, clusterName), state })) as Moment);
  }
  const { revision, hash } = fold.head;
  const stateHash = sha256(canonicalJson(kind.snapshot.encode(fold.state)));
  const viewHash = sha256(canonicalJson(views.contentOf(shard)));
  return { golden: { shard, revision, hash, events, moments, history: historiesOf(commits) }, stateHash, viewHash, types };
}

/** The state hash of a log of which the first commits are read from a snapshot. */
export function foldFromSnapshot(lines: readonly string[], commits: number): string {
  const { shard, kind } = shardOf(lines);
  const { encode, decode } = kind.snapshot;
  const before = new ShardFold(shard, kind.decider, sha256);
  for (const line of lines.slice(0, commits)) before.apply(line);
  const snapshot = JSON.stringify(encode(before.state));
  const state = decode(JSON.parse(snapshot) as object);
  const after = new ShardFold(shard, kind.decider, sha256, { state, head: before.head });
  for (const line of lines.slice(commits)) after.apply(line);
  return sha256(canonicalJson(encode(after.state)));
}

function shardOf(lines: readonly string[]): { readonly shard: string; readonly locale: Locale; readonly kind: AnyShardKind } {
  const { shard } = decodeCommit(lines[0] ?? '');
  const locale = { account: parseShard(shard)?.account ?? '', region: REGION };
  const kind = ecs.shardKinds.find(({ owns }) => owns(shard, locale));
  if (kind === undefined) throw new Error(`${shard} is not a shard of this product`);
  return { shard, locale, kind };
}
