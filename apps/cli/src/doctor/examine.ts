import { createHash } from 'node:crypto';
import { checkWitness, WitnessContradicted, type WitnessStore } from '#libs/event-store';
import type { JournalProbe } from '#libs/event-store-jetstream';
import { type ChainHead, CommitRefused, decodeCommit, GENESIS_HEAD, verifyLink } from '#libs/kernel';
import { sha256 } from '#libs/platform';
import { messageOf } from '../shell/cli-problem.ts';
import type { Examination, Finding } from './findings.ts';

/** A log that was examined, with a digest over all its commits in their order. */
export interface Examined extends Examination {
  readonly digest: string;
}

interface ShardCheck {
  head: ChainHead;
  isBroken: boolean;
  /** The hash at the revision that the witness knows. */
  hashAtWitness: string | null;
}

/**
 * Reads the whole log and lists what is wrong with it.
 * @param witnesses what was acknowledged; null where that is unknown
 * @throws StoreUnavailable
 */
export async function examine(
  probe: JournalProbe,
  witnesses: WitnessStore | null,
  progress: (position: number) => void = () => {},
): Promise<Examined> {
  const findings: Finding[] = [];
  const shards = new Map<string, ShardCheck>();
  const digest = createHash('sha256');
  let commits = 0;
  const head = await probe.head();
  for (const why of head?.unfit ?? []) findings.push({ kind: 'unfit', why });
  for await (const place of probe.places(head?.end ?? 0)) {
    if (place.kind === 'foreign') {
      const { streamRevision, subject, bytes, shard } = place.message;
      findings.push({ kind: 'foreign', position: streamRevision, subject, bytes, shard });
    } else if (place.kind === 'lost') {
      noteLost(findings, place.streamRevision);
    } else {
      const { shard, text, revision, hash, streamRevision } = place.commit;
      commits += 1;
      digest.update(`${shard} ${text}\n`);
      const check = shards.get(shard) ?? { head: GENESIS_HEAD, isBroken: false, hashAtWitness: null };
      shards.set(shard, check);
      const witness = await witnesses?.read(shard);
      if (witness?.revision === revision) check.hashAtWitness = hash;
      if (check.isBroken) continue;
      try {
        check.head = verifyLink(check.head, decodeCommit(text), text, sha256);
      } catch (error) {
        check.isBroken = true;
        const why = error instanceof CommitRefused ? error.message : `it cannot be read: ${messageOf(error)}`;
        findings.push({ kind: 'broken', shard, position: streamRevision, revision, why });
      }
      if (streamRevision % 1_000 === 0) progress(streamRevision);
    }
  }
  for (const shard of witnesses === null ? [] : new Set([...shards.keys(), ...(await witnesses.shards())])) {
    const check = shards.get(shard) ?? { head: GENESIS_HEAD, isBroken: false, hashAtWitness: null };
    if (check.isBroken) continue;
    const why = await contradiction(witnesses, shard, check);
    if (why !== null) findings.push({ kind: 'contradicted', shard, why });
  }
  return { commits, shards: shards.size, findings, digest: digest.digest('hex') };
}

function noteLost(findings: Finding[], position: number): void {
  const last = findings.at(-1);
  if (last?.kind === 'lost' && last.to === position - 1) findings[findings.length - 1] = { ...last, to: position };
  else findings.push({ kind: 'lost', from: position, to: position });
}

async function contradiction(
  witnesses: WitnessStore | null,
  shard: string,
  { head, hashAtWitness }: ShardCheck,
): Promise<string | null> {
  try {
    checkWitness((await witnesses?.read(shard)) ?? null, head, hashAtWitness);
    return null;
  } catch (error) {
    if (error instanceof WitnessContradicted) return error.message;
    throw error;
  }
}
