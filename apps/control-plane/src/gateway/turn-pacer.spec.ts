import { expect, test } from '@jest/globals';
import { TurnPacer } from './turn-pacer.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a bounded number of jobs begins in one turn of the event loop, in order', async () => {
  const pacer = new TurnPacer({ perTurnMax: 2, waitingPerLineMax: 10 });
  const begun: number[] = [];
  for (let n = 1; n <= 5; n++) pacer.run('a', () => begun.push(n));
  expect(begun).toEqual([1, 2]);
  await turn();
  pacer.run('a', () => begun.push(6));
  expect(begun).toEqual([1, 2, 3, 4]);
  await turn();
  expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  await turn();
  await turn();
  pacer.run('a', () => begun.push(7));
  expect(begun.at(-1)).toBe(7);
});

test('lines take turns, and too many of one line are not taken', async () => {
  const pacer = new TurnPacer({ perTurnMax: 3, waitingPerLineMax: 4 });
  const begun: string[] = [];
  const send = (line: string): boolean => pacer.run(line, () => begun.push(line));
  expect(Array.from({ length: 8 }, () => send('a'))).toEqual([true, true, true, true, true, true, true, false]);
  expect([send('b'), send('b')]).toEqual([true, true]);
  await turn();
  expect(begun.slice(3)).toEqual(['a', 'b', 'a']);
  await turn();
  expect(begun.slice(6)).toEqual(['b', 'a', 'a']);
});
