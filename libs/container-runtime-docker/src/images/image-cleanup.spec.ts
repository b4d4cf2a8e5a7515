import { describe, expect, test } from '@jest/globals';
import { ImageLedger } from './image-ledger.ts';
import { imagesToRemove } from './image-cleanup.ts';
import type { CleanupRules } from './image-cleanup.ts';

const HOUR_MS = 3_600_000;
const NOW = 100 * HOUR_MS;
const RULES: CleanupRules = { minimumAgeMs: HOUR_MS, imagesPerCycleMax: 2, excluded: [] };

function ledgerOf(ages: Readonly<Record<string, number>>): ImageLedger {
  const ledger = new ImageLedger();
  for (const [name, ageMs] of Object.entries(ages)) ledger.pulled(`sha256:${name}`, `${name}:1`, NOW - ageMs);
  return ledger;
}

const removable = (ledger: ImageLedger, rules: Partial<CleanupRules> = {}, inUse: readonly string[] = []): string[] =>
  imagesToRemove(ledger.images, new Set(inUse), { ...RULES, ...rules }, NOW).map(({ id }) => id);

describe('the images that go', () => {
  const ledger = ledgerOf({ young: HOUR_MS - 1, old: HOUR_MS, older: 2 * HOUR_MS, oldest: 3 * HOUR_MS });

  test('are the least recently used, so many per cycle, and none that is young', () => {
    expect(removable(ledger)).toEqual(['sha256:oldest', 'sha256:older']);
    expect(removable(ledger, { imagesPerCycleMax: 9 })).toEqual(['sha256:oldest', 'sha256:older', 'sha256:old']);
  });

  test('are in no use and not excluded', () => {
    expect(removable(ledger, {}, ['sha256:oldest'])).toEqual(['sha256:older', 'sha256:old']);
    expect(removable(ledger, { excluded: ['docker.io/library/older:1', 'old'] })).toEqual([
      'sha256:oldest',
      'sha256:old',
    ]);
  });

  test('are young again once a container wants them', () => {
    const used = ledgerOf({ old: 2 * HOUR_MS });
    used.used('sha256:old', NOW);
    used.used('sha256:foreign', NOW);
    expect(removable(used)).toEqual([]);
    expect(used.images).toHaveLength(1);
  });
});

describe('the ledger', () => {
  test('is the same after a restart', () => {
    const ledger = ledgerOf({ a: 1, b: 2 });
    ledger.pulled('sha256:a', 'docker.io/team/a', NOW);
    const read = ImageLedger.from(ledger.toText());
    expect(read.images).toEqual(ledger.images);
    expect(read.has('sha256:a', 'team/a:latest')).toBe(true);
    expect(read.has('sha256:a', 'b:1')).toBe(false);
    ledger.removed('sha256:a');
    expect(ledger.has('sha256:a', 'team/a')).toBe(false);
  });

  test.each(['', '{"images":[{"id":"sha256:1"', '{"version":2,"images":[{"id":"sha256:1","lastUsedAt":0}]}', '[]'])(
    'that cannot be read, %j, is empty: nothing of the host is ours to remove',
    (text) => {
      expect(ImageLedger.from(text).images).toEqual([]);
    },
  );
});
