import type { Clock, Ids, Notes, Witnesses } from '#libs/engine';
import { newerWitness } from '#libs/event-store';
import type { Witness } from '#libs/event-store';
import type { ChainHead } from '#libs/kernel';
import type { SimProcess } from '../world/sim-process.ts';
import type { Trace } from '../world/trace.ts';

/** Virtual time as one process has it: its wall clock may be wrong. */
export function clockOf(process: SimProcess, wall: () => number): Clock {
  return {
    wall,
    monotonic: () => process.clock.now(),
    after: (delayMs, act) => process.after(delayMs, act),
    soon: (act) => void process.after(0, act),
  };
}

/** Identifiers that no other process and no other life of this one gives out. */
export function idsOf({ name, life }: SimProcess): Ids {
  let count = 0;
  return { fresh: () => `${name}-${life}-${++count}` };
}

/** Notes are lines of the trace; what is fatal to the product is a defect. */
export function notesOf({ name }: SimProcess, trace: Trace, defect: (what: string) => void): Notes {
  return {
    note: (level, facts, text) => {
      const line = `${text} ${JSON.stringify(facts)}`;
      trace.note(`${name} ${level}: ${line}`);
      if (level === 'fatal') defect(line);
    },
  };
}

/** What was observed is written down this much later, with everything else of that time. */
const WITNESS_PAUSE_MS = 500;

/** A file on the process's own disk: `kept` outlives the process, what was only observed may not. */
export function witnessesOf(process: SimProcess, kept: Map<string, Witness>): Witnesses {
  const observed = new Map<string, Witness>();
  const keep = (witness: Witness): void => void kept.set(witness.shard, newerWitness(kept.get(witness.shard), witness));
  const write = (): void => {
    for (const witness of observed.values()) keep(witness);
    observed.clear();
  };
  return {
    read: (shard, done) => void process.after(0, () => done(kept.get(shard) ?? null)),
    shards: (done) => void process.after(0, () => done([...kept.keys()].sort())),
    note: (shard, head) => keep(witnessOf(shard, head)),
    observe: (shard, head) => {
      if (observed.size === 0) process.after(WITNESS_PAUSE_MS, write);
      observed.set(shard, witnessOf(shard, head));
    },
    flush: (done) => {
      write();
      process.after(0, done);
    },
  };
}

function witnessOf(shard: string, { revision, hash, term }: ChainHead): Witness {
  return { shard, revision, hash, term };
}
