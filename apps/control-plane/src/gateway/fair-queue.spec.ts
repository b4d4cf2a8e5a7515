import { describe, expect, test } from '@jest/globals';
import { FairQueue } from './fair-queue.ts';
import type { QueueLimits } from './fair-queue.ts';

const LIMITS: QueueLimits = {
  runningMax: 4,
  runningPerPrincipalMax: 3,
  waitingPerPrincipalMax: 30,
  bytesWaitingPerPrincipalMax: 1_000,
  waitMsMax: 700,
  turnMsMin: 10,
  turnMsMax: 100,
};

/** A queue with a clock of its own and jobs that end when they are told to. */
class Bench {
  now = 0;
  readonly queue: FairQueue;
  readonly started: string[] = [];
  readonly refused: string[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(limits: Partial<QueueLimits> = {}) {
    this.queue = new FairQueue({ ...LIMITS, ...limits }, () => this.now);
  }

  send(principal: string, bytes = 1, workMs = 0): void {
    const name = `${principal}${this.started.length}`;
    void this.queue.run(
      principal,
      bytes,
      () => {
        this.started.push(principal);
        this.now += workMs;
        return new Promise<void>((resolve) => this.#ends.push(resolve));
      },
      () => void this.refused.push(name[0] ?? ''),
    );
  }

  async endAll(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.turn();
  }

  /** A turn of the event loop, in which those that wait get theirs. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a fair queue', () => {
  test('starts at once what there is room for', () => {
    const bench = new Bench();
    for (const principal of ['a', 'a', 'b', 'c', 'd']) bench.send(principal);
    expect(bench.started).toEqual(['a', 'a', 'b', 'c']);
    expect(bench.queue.length).toBe(1);
  });

  test('leaves room for others, whatever one has running', () => {
    const bench = new Bench();
    for (let i = 0; i < 10; i++) bench.send('a');
    bench.send('b');
    expect(bench.started).toEqual(['a', 'a', 'a']);
    return bench.turn().then(() => expect(bench.started).toEqual(['a', 'a', 'a', 'b']));
  });

  test('gives turns by principal: who asks for much waits for that alone', async () => {
    const bench = new Bench({ runningPerPrincipalMax: 4 });
    for (let i = 0; i < 12; i++) bench.send('a');
    bench.send('b');
    bench.send('c');
    await bench.endAll();
    expect(bench.started.slice(4).sort()).toEqual(['a', 'a', 'b', 'c']);
  });

  test('refuses at once what is more than a principal may have waiting, by number and by size', () => {
    const bench = new Bench();
    for (let i = 0; i < 33; i++) bench.send('a');
    expect(bench.refused).toEqual([]);
    bench.send('a');
    expect(bench.refused).toEqual(['a']);
    for (let i = 0; i < 4; i++) bench.send('b', 400);
    expect(bench.refused).toEqual(['a', 'b', 'b']);
  });

  test('refuses what has waited too long, also when nothing ends', async () => {
    const bench = new Bench();
    for (let i = 0; i < 5; i++) bench.send('a');
    bench.now += LIMITS.waitMsMax + 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(bench.refused).toEqual(['a', 'a']);
    expect(bench.queue.length).toBe(0);
    await bench.endAll();
    bench.send('a');
    expect(bench.started).toHaveLength(4);
  });

  test('starts jobs for a while only, then lets the event loop turn', async () => {
    const bench = new Bench({ runningMax: 100, runningPerPrincipalMax: 100 });
    for (let i = 0; i < 10; i++) bench.send('a', 1, 4);
    expect(bench.started).toHaveLength(3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.started).toHaveLength(6);
  });

  test('starts jobs for as long as everything else took, when that was long', async () => {
    const bench = new Bench({ runningMax: 100, runningPerPrincipalMax: 100 });
    for (let i = 0; i < 30; i++) bench.send('a', 1, 4);
    bench.now += 40;
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.started.length).toBeGreaterThan(3 + 10);
    expect(bench.started.length).toBeLessThan(30);
  });

  test('serves what has waited too long when there is room for it by then', async () => {
    const bench = new Bench();
    for (let i = 0; i < 4; i++) bench.send('a');
    bench.now += LIMITS.waitMsMax + 1;
    await bench.endAll();
    expect(bench.refused).toEqual([]);
    expect(bench.started).toHaveLength(4);
  });

  test('a job that fails leaves its place', async () => {
    const { queue } = new Bench({ runningMax: 1 });
    const failing = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(queue.run('a', 1, failing, () => 'refused')).rejects.toThrow('no');
    expect(
      await queue.run(
        'a',
        1,
        () => Promise.resolve('served'),
        () => 'refused',
      ),
    ).toBe('served');
  });
});
