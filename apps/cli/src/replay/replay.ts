import { type CommitLog, JournalDamaged, StoreUnavailable } from '#libs/event-store';
import { messageOf } from '../shell/cli-problem.ts';
import { type Fingerprint, ShardReplay } from './shard-replay.ts';

/** How one shard's replay went. */
export interface ShardReport {
  readonly shard: string;
  /** The last commit that was folded. */
  readonly revision: number;
  readonly term: number;
  readonly hash: string;
  readonly events: number;
  /** What the live control plane was compared with: the revision at which it was; null without --verify. */
  readonly verifiedRevision: number | null;
  /** Empty: all is well. */
  readonly problems: readonly string[];
}

/** The live control plane's fingerprint of a shard, or why there is none. */
export type LiveFingerprint = (shard: string) => Promise<Fingerprint | { readonly missing: string }>;

export interface ReplayOptions {
  readonly shards: readonly string[];
  /** null: only the log is checked. */
  readonly live: LiveFingerprint | null;
  /** Called after each batch: events folded so far. */
  readonly progress: (shard: string, events: number) => void;
}

/** Folds shards from the start of the log, one after the other. */
export async function replay(log: CommitLog, options: ReplayOptions): Promise<readonly ShardReport[]> {
  const reports: ShardReport[] = [];
  let events = 0;
  for (const shard of options.shards) {
    const report = await replayShard(log, shard, options.live, (own) => options.progress(shard, events + own));
    events += report.events;
    reports.push(report);
  }
  return reports;
}

async function replayShard(
  log: CommitLog,
  shard: string,
  live: LiveFingerprint | null,
  progress: (events: number) => void,
): Promise<ShardReport> {
  const problems: string[] = [];
  // Asked first: what it names is durable, so the log that is read afterwards reaches at least that far.
  const wanted = live === null ? null : await live(shard);
  if (wanted !== null && 'missing' in wanted) problems.push(wanted.missing);
  const fingerprint = wanted === null || 'missing' in wanted ? null : wanted;
  let replayed: ShardReplay | null = null;
  let verified = false;
  try {
    replayed = new ShardReplay(shard);
    for await (const batch of log.read(shard, 0)) {
      for (const { text } of batch) {
        replayed.apply(text);
        if (replayed.head.revision !== fingerprint?.revision) continue;
        problems.push(...differences(replayed.fingerprint(), fingerprint));
        verified = true;
      }
      progress(replayed.events);
    }
    if (fingerprint !== null && !verified) problems.push(...tooShort(replayed, fingerprint));
  } catch (error) {
    // That the log cannot be read is no finding about its content; everything else is.
    if (error instanceof StoreUnavailable || error instanceof JournalDamaged) throw error;
    problems.push(messageOf(error));
  }
  const { revision, term, hash } = replayed?.head ?? { revision: 0, term: 0, hash: '' };
  const verifiedRevision = verified && fingerprint !== null ? fingerprint.revision : null;
  return { shard, revision, term, hash, events: replayed?.events ?? 0, verifiedRevision, problems };
}

const MEANINGS = {
  hash: 'the log holds another commit',
  term: 'the log holds another term',
  stateHash: 'the folded state differs from the live one',
  viewHash: 'the folded views differ from the live ones',
} as const;

/** What differs between the fold and the live control plane at one revision, in words. */
export function differences(folded: Fingerprint, live: Fingerprint): readonly string[] {
  const members = Object.keys(MEANINGS) as (keyof typeof MEANINGS)[];
  return members
    .filter((member) => folded[member] !== live[member])
    .map((member) => `revision ${live.revision}: ${MEANINGS[member]} (${folded[member]}, live ${live[member]})`);
}

function tooShort(replayed: ShardReplay, { revision }: Fingerprint): readonly string[] {
  return [`the log ends at revision ${replayed.head.revision}, but the live control plane has ${revision}`];
}
