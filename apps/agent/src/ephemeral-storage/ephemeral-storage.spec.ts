import { beforeEach, describe, expect, test } from '@jest/globals';
import type { HostTask, KnownContainer } from '#libs/agents/core';
import type { ContainerFacts } from '#libs/container-runtime';
import { createLogger } from '#libs/platform';
import { definitionOf, wantedTask } from '../../spec/tasks.ts';
import { EphemeralStorage } from './ephemeral-storage.ts';

const GIB = 1024 ** 3;
const MINUTE_MS = 60_000;

describe('ephemeral storage', () => {
  const written = new Map<string, number>();
  const ended: string[] = [];
  let tasks: HostTask[];
  let timers: { readonly delayMs: number; readonly act: () => void }[];
  let isAway: boolean;
  let storage: EphemeralStorage;

  const taskWith = (ephemeralStorageGiB: number | undefined, ...containers: Partial<KnownContainer>[]): HostTask => {
    const definition = definitionOf('web:1', {});
    const wanted = wantedTask(definition, ephemeralStorageGiB === undefined ? {} : { ephemeralStorageGiB });
    const known = { taskId: wanted.taskId, containers: containers.map((own) => ({ removed: false, ...own })) };
    return { wanted, definition, known } as unknown as HostTask;
  };

  beforeEach(() => {
    written.clear();
    ended.length = 0;
    tasks = [];
    timers = [];
    isAway = false;
    storage = new EphemeralStorage({
      tasks: () => tasks,
      runtime: {
        describe: (ref, withSize) => {
          if (isAway) return Promise.reject(new Error('no answer'));
          const writtenBytes = written.get(ref);
          if (writtenBytes === undefined || withSize !== true) return Promise.resolve(null);
          return Promise.resolve({ runtimeId: ref, writtenBytes } as ContainerFacts);
        },
      },
      end: (taskId, reason) => void ended.push(`${taskId} ${reason}`),
      clock: {
        after: (delayMs, act) => {
          timers.push({ delayMs, act });
          return () => void (timers = timers.filter((timer) => timer.act !== act));
        },
      },
      log: createLogger('spec', 'silent'),
    });
  });

  test('is what all containers of a task have written together', async () => {
    const within = taskWith(21, { runtimeId: 'a' }, { runtimeId: 'b' });
    const above = taskWith(21, { runtimeId: 'c' }, { runtimeId: 'd' }, { runtimeId: null });
    tasks = [within, above];
    for (const [id, gib] of Object.entries({ a: 10.5, b: 10.5, c: 10.5, d: 11 })) written.set(id, gib * GIB);
    await storage.measure();
    expect(ended).toEqual([
      `${above.known.taskId} ResourceExhaustedError: the task has written 21.5 of 21 GiB of ephemeral storage`,
    ]);
  });

  test('is nobody’s who has none, and nothing of containers that are gone', async () => {
    tasks = [
      taskWith(undefined, { runtimeId: 'a' }),
      taskWith(20, { runtimeId: 'a', removed: true }, { runtimeId: 'x' }),
    ];
    written.set('a', 100 * GIB);
    await storage.measure();
    expect(ended).toEqual([]);
  });

  test('is measured each minute, also after an engine that did not answer', async () => {
    tasks = [taskWith(20, { runtimeId: 'a' })];
    written.set('a', 30 * GIB);
    storage.start();
    isAway = true;
    const [first] = timers.splice(0);
    expect(first?.delayMs).toBe(MINUTE_MS);
    first?.act();
    await new Promise(setImmediate);
    expect(ended).toEqual([]);
    isAway = false;
    const [second] = timers.splice(0);
    second?.act();
    await new Promise(setImmediate);
    expect(ended).toHaveLength(1);
    storage.stop();
    expect(timers).toEqual([]);
  });
});
