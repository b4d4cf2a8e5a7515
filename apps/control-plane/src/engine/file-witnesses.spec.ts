import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Witness, WitnessStore } from '#libs/event-store';
import { pino } from 'pino';
import { FileWitnesses } from './file-witnesses.ts';

const head = (revision: number) => ({ revision, hash: `h${revision}`, term: 1, at: 0 });

/** Remembers in which order what came; writes end when the test says so. */
class Recorder implements WitnessStore {
  readonly lines: string[] = [];
  failure: Error | null = null;

  async read(): Promise<Witness | null> {
    return null;
  }

  async shards(): Promise<readonly string[]> {
    return [];
  }

  note({ revision }: Witness): void {
    if (this.failure !== null) throw this.failure;
    this.lines.push(`noted ${revision}`);
  }

  async write({ revision }: Witness): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.lines.push(`written ${revision}`);
  }
}

let store: Recorder;
let witnesses: FileWitnesses;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  store = new Recorder();
  witnesses = new FileWitnesses(store, pino({ level: 'silent' }));
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the witness of a commit', () => {
  test('of this process is noted before anything else happens, and synced a little later', async () => {
    witnesses.note('a', head(1));
    expect(store.lines).toEqual(['noted 1']);
    witnesses.note('a', head(2));
    await jest.advanceTimersByTimeAsync(99);
    expect(store.lines).toEqual(['noted 1', 'noted 2']);
    await jest.advanceTimersByTimeAsync(1);
    expect(store.lines).toEqual(['noted 1', 'noted 2', 'written 2']);
  });

  test('of another process is synced as well', async () => {
    witnesses.observe('a', head(7));
    await jest.advanceTimersByTimeAsync(100);
    expect(store.lines).toEqual(['written 7']);
  });

  test('is synced at once when it must be', async () => {
    witnesses.observe('a', head(7));
    await new Promise<void>((done) => witnesses.flush(done));
    expect(store.lines).toEqual(['written 7']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(store.lines).toEqual(['written 7']);
  });

  test('that cannot be written stops nothing', async () => {
    store.failure = new Error('the disk is full');
    witnesses.note('a', head(1));
    await new Promise<void>((done) => witnesses.flush(done));
    store.failure = null;
    witnesses.note('a', head(2));
    await jest.advanceTimersByTimeAsync(100);
    expect(store.lines).toEqual(['noted 2', 'written 2']);
  });
});
