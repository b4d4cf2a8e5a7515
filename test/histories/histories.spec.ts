import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_EVENTS, CLUSTER_EVENTS } from '#libs/ecs/messages';
import { foldFromSnapshot, foldHistory } from './fold.ts';
import type { Golden } from './golden.ts';
import { recordMissing, STORIES } from './record.ts';

/* Recorded logs fold for ever. WAYBILL_RECORD_HISTORIES=1 records what is missing; nothing overwrites a history. */

const FOLDER = path.join('test', 'histories');
if (process.env['WAYBILL_RECORD_HISTORIES'] === '1') recordMissing(FOLDER);

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ndjson'))
  .map((file) => file.slice(0, -'.ndjson'.length));

function linesOf(name: string): readonly string[] {
  const text = readFileSync(path.join(FOLDER, `${name}.ndjson`), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('a recorded history', () => {
  test.each(names)('%s folds to what it always came to', (name) => {
    const golden = JSON.parse(readFileSync(path.join(FOLDER, `${name}.golden.json`), 'utf8')) as Golden;
    const revisions = golden.moments.map(({ revision }) => revision);
    expect(foldHistory(linesOf(name), revisions).golden).toEqual(golden);
  });

  test.each(names)('%s goes on from a snapshot at each of its commits', (name) => {
    const lines = linesOf(name);
    const { stateHash } = foldHistory(lines);
    const hashes = lines.map((_, commits) => foldFromSnapshot(lines, commits));
    expect(new Set(hashes)).toEqual(new Set([stateHash]));
  });

  test.each(names)('%s is refused when one of its bytes is another', (name) => {
    const lines = [...linesOf(name)];
    const middle = Math.floor(lines.length / 2);
    lines[middle] = (lines[middle] ?? '').replace(/"at":(\d)/, (_, digit: string) => `"at":${(Number(digit) + 1) % 10}`);
    expect(() => foldHistory(lines)).toThrow(/hash|time/);
  });
});

describe('the histories', () => {
  test('have every event type in its current version', () => {
    const recorded = new Set(names.flatMap((name) => [...foldHistory(linesOf(name)).types]));
    const types = Object.entries({ ...ACCOUNT_EVENTS, ...CLUSTER_EVENTS });
    expect(types.map(([type, { v }]) => `${type} v${v}`).filter((type) => !recorded.has(type))).toEqual([]);
  });

  test.each(Object.keys(STORIES))('%s: its story can still be told, the same twice', (name) => {
    const tell = STORIES[name];
    const once = tell?.().lines ?? [];
    expect(tell?.().lines).toEqual(once);
    expect(() => foldHistory(once)).not.toThrow();
  });
});
