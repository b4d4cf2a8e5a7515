import { INVARIANTS } from './invariants/violation.ts';
import type { SeedResult } from './run-seed.ts';
import { sha256 } from './world/sha256.ts';

/** What a reader needs to know about a violation: where, what, what came before, and how to see it again. */
export function describeViolation({ seed, faultNames, violation }: SeedResult, hours: number): string {
  if (violation === null) return '';
  const { invariant, facts, atSeconds, trace } = violation;
  return [
    `VIOLATION of ${invariant} (${INVARIANTS[invariant]})`,
    `  seed ${seed}, ${atSeconds.toFixed(3)} s of virtual time; faults: ${faultNames.join(', ')}`,
    `  ${facts}`,
    '  what came before:',
    ...trace.map((line) => `    ${line}`),
    `  again: npm run sim -- --seed ${seed} --hours ${hours} --verbose`,
  ].join('\n');
}

export function describeSeed(result: SeedResult): string {
  const { seed, hours, faults, commits, events, accepted, settledAfterSeconds, faultNames, traceHash } = result;
  return (
    `seed ${seed}: ${hours.toFixed(2)} h, ${faults} faults, ${commits} commits, ${events} events, ` +
    `${accepted} requests accepted, settled after ${settledAfterSeconds.toFixed(0)} s, ` +
    `trace ${traceHash.slice(0, 12)} (${faultNames.join(', ')})`
  );
}

/** The last line of a run: JSON. */
export function summaryLine(results: readonly SeedResult[], wallSeconds: number): string {
  const sum = (value: (result: SeedResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  return JSON.stringify({
    seeds: results.length,
    hours: Number(sum(({ hours }) => hours).toFixed(3)),
    faults: sum(({ faults }) => faults),
    violations: results.filter(({ violation }) => violation !== null).length,
    traceHash: traceHashOf(results),
    steps: sum(({ steps }) => steps),
    commits: sum(({ commits }) => commits),
    events: sum(({ events }) => events),
    accepted: sum(({ accepted }) => accepted),
    failedSeeds: results.flatMap(({ seed, violation }) => (violation === null ? [] : [seed])),
    wallSeconds: Number(wallSeconds.toFixed(1)),
  });
}

/** One hash over the traces of all seeds, in their order. */
export function traceHashOf(results: readonly SeedResult[]): string {
  const [only] = results;
  if (only !== undefined && results.length === 1) return only.traceHash;
  return sha256(results.map(({ seed, traceHash }) => `${seed} ${traceHash}`).join('\n'));
}
