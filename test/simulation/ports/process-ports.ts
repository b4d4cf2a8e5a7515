import type { Clock, Ids, Notes, Witnesses } from '#libs/engine';
import { newerWitness } from '#libs/event-store';
import type { Witness } from '#libs/event-store';
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

/** A file on the process's own disk: `kept` lives on when the process dies. */
export function witnessesOf(process: SimProcess, kept: Map<string, Witness>): Witnesses {
  return {
    read: (shard, done) => void process.after(0, () => done(kept.get(shard) ?? null)),
    note: (shard, { revision, hash, term }) =>
      void kept.set(shard, newerWitness(kept.get(shard), { shard, revision, hash, term })),
  };
}
