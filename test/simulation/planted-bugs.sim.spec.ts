import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findBug } from './planted-bugs/find-bug.ts';
import { PLANTED_BUGS } from './planted-bugs/index.ts';
import { bugTable } from './planted-bugs/table.ts';

/** Mostly one seed; all of them on a slow machine if the one that is known to find it no longer does. */
const BUG_TIMEOUT_MS = 900_000;

describe('a planted bug is found', () => {
  test.each(PLANTED_BUGS.map((bug) => [bug.what, bug] as const))(
    '%s',
    (_what, bug) => {
      const { seed, others } = findBug(bug);
      expect({ seed, reportedInstead: seed === null ? others : [] }).toEqual({
        seed: expect.any(Number),
        reportedInstead: [],
      });
    },
    BUG_TIMEOUT_MS,
  );
});

test('the README lists every planted bug with the invariant that finds it', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  expect(readme).toContain(bugTable(PLANTED_BUGS));
  expect(new Set(PLANTED_BUGS.map(({ what }) => what)).size).toBe(PLANTED_BUGS.length);
});
