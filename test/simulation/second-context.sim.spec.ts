import { describe, expect, test } from '@jest/globals';
import { WriterShell } from '#libs/engine';
import type { Reply } from '#libs/engine';
import type { CommandRequest, DomainCommand } from '#libs/kernel';
import { copying, counterContext } from '#libs/testing';
import { HOURS_DEFAULT } from './arguments.ts';
import type { BrokenParts } from './parts.ts';
import { runSeed } from './run-seed.ts';
import { describeViolation } from './summary.ts';
import { Counting } from './workload/counting.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const SEED_TIMEOUT_MS = 60_000;

interface Counted {
  readonly violation: string;
  readonly unanswered: number;
  /** What the callers have added, and what each process shows, by counter. */
  readonly asked: Readonly<Record<string, number>>;
  readonly shown: readonly { readonly tally: object; readonly copy: object }[];
}

/** Runs a seed with counters beside ECS, and a policy that copies each addition from one context to the other. */
function count(seed: number, broken: BrokenParts = {}): Counted {
  const contexts = [counterContext('tally'), counterContext('copy', [copying('tally', 'copy')])];
  let counting: Counting | undefined;
  const shown: { tally: object; copy: object }[] = [];
  const result = runSeed({
    seed,
    hours: HOURS_DEFAULT,
    broken,
    contexts,
    begin: (world) => (counting = new Counting(world, 'tally')),
    inspect: (world) => {
      for (const controlPlane of world.controlPlanes) {
        const totals = (context: string): object =>
          Object.fromEntries(
            [...(counting?.totals.keys() ?? [])].map((counter) => {
              const content = controlPlane.viewsOf(context)?.contentOf(`${context}.${counter}`);
              return [counter, (content as { total: number } | null | undefined)?.total];
            }),
          );
        shown.push({ tally: totals('tally'), copy: totals('copy') });
      }
    },
  });
  return {
    violation: describeViolation(result, HOURS_DEFAULT),
    unanswered: counting?.unanswered ?? 0,
    asked: Object.fromEntries(counting?.totals ?? []),
    shown,
  };
}

describe('a context of counters beside ECS', () => {
  test.each(SEEDS)(
    'each addition counts once, and is copied once: seed %i',
    (seed) => {
      const { violation, unanswered, asked, shown } = count(seed);
      expect({ violation, unanswered }).toEqual({ violation: '', unanswered: 0 });
      expect(Object.keys(asked)).toHaveLength(3);
      expect(shown.length).toBeGreaterThan(0);
      for (const { tally, copy } of shown) {
        expect(tally).toEqual(asked);
        expect(copy).toEqual(asked);
      }
    },
    SEED_TIMEOUT_MS,
  );

  test(
    'a policy whose commands have another id each time is found: a copy counts more than once',
    () => {
      let sent = 0;
      const broken: BrokenParts = {
        WriterShell: class extends WriterShell {
          override submit(request: CommandRequest<DomainCommand>, reply: Reply): void {
            const isPolicy = request.principal.startsWith('system:policy:');
            super.submit(isPolicy ? { ...request, commandId: `${request.commandId}-${++sent}` } : request, reply);
          }
        },
      };
      const found = SEEDS.some((seed) => {
        const { asked, shown } = count(seed, broken);
        return shown.some(({ copy }) => JSON.stringify(copy) !== JSON.stringify(asked));
      });
      expect(found).toBe(true);
    },
    SEED_TIMEOUT_MS,
  );
});
