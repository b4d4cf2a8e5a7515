import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChildEnd, type ReadyMessage, SupervisedChild } from './supervised-child.ts';

type Report =
  | { readonly type: 'spawned'; readonly pid: number }
  | { readonly type: 'ready'; readonly message: ReadyMessage }
  | ({ readonly type: 'ended' } & ChildEnd);

/** Says that it is ready, and ends when its parent goes. */
const WELL = `process.on('disconnect', () => process.exit(0)); process.send({ type: 'ready', port: Number(process.env.PORT) });`;
/** Does not hear SIGTERM. */
const DEAF = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${WELL}`;

describe('a supervised child', () => {
  let folder: string;
  let child: SupervisedChild;
  let reports: Report[];
  let heard: () => void;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waybill-child-'));
    reports = [];
    heard = () => {};
  });
  afterEach(async () => {
    await child.stop(0);
    await rm(folder, { recursive: true });
  });

  async function start(script: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const entry = join(folder, 'child.mjs');
    await writeFile(entry, script);
    const record = (item: Report): void => {
      reports.push(item);
      heard();
    };
    child = new SupervisedChild({
      entry,
      nodeArguments: [],
      logFile: join(folder, 'child.log'),
      env: () => ({
        ...process.env,
        ...env,
        LIFE: String(reports.filter(({ type }) => type === 'spawned').length + 1),
      }),
      listener: {
        spawned: (pid) => record({ type: 'spawned', pid }),
        ready: (message) => record({ type: 'ready', message }),
        ended: (end) => record({ type: 'ended', ...end }),
      },
    });
    await child.start();
  }

  /** The count-th reports of a type, waited for. */
  async function next<Type extends Report['type']>(type: Type, count = 1): Promise<Extract<Report, { type: Type }>> {
    for (;;) {
      const found = reports.filter((item): item is Extract<Report, { type: Type }> => item.type === type)[count - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (heard = resolve));
    }
  }

  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  test('says that it is ready, and goes when it is told to', async () => {
    await start(WELL, { PORT: '4711' });
    expect((await next('ready')).message).toEqual({ type: 'ready', port: 4711 });
    const { pid } = child;
    await child.stop(5_000);
    expect(child.pid).toBeNull();
    expect(isAlive(pid ?? 0)).toBe(false);
    expect(reports.map(({ type }) => type)).toEqual(['spawned', 'ready']);
  });

  test('is started again when it is killed, one life after the other', async () => {
    await start(WELL);
    await next('ready');
    const first = child.pid ?? 0;
    process.kill(first, 'SIGKILL');
    expect(await next('ended')).toMatchObject({ how: 'SIGKILL', restartInMs: 100 });
    await next('ready', 2);
    expect(child.pid).not.toBe(first);
    expect(reports.map(({ type }) => type)).toEqual(['spawned', 'ready', 'ended', 'spawned', 'ready']);
  });

  test('that keeps failing is tried less and less often, and its last words are told', async () => {
    await appendFile(join(folder, 'child.log'), 'of an earlier start\n');
    await start(`console.error('life ' + process.env.LIFE + ' fails'); process.exit(7);`);
    expect(await next('ended', 3)).toEqual({
      type: 'ended',
      how: 'exit code 7',
      exitCode: 7,
      lastLines: ['life 3 fails'],
      restartInMs: 400,
    });
    expect((await next('ended')).lastLines).toEqual(['life 1 fails']);
    expect(await readFile(join(folder, 'child.log'), 'utf8')).toContain('of an earlier start\nlife 1 fails\n');
  });

  test('that says that trying again does not help is not started again', async () => {
    await start(`console.error('the log is damaged'); process.exit(65);`);
    expect(await next('ended')).toMatchObject({ exitCode: 65, lastLines: ['the log is damaged'], restartInMs: null });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(reports.map(({ type }) => type)).toEqual(['spawned', 'ended']);
  });

  test('that does not hear SIGTERM is killed after its grace', async () => {
    await start(DEAF);
    await next('ready');
    const pid = child.pid ?? 0;
    await child.stop(50);
    expect(isAlive(pid)).toBe(false);
  });

  test('is not started again once it was stopped between two lives', async () => {
    await start(`process.exit(1);`);
    await next('ended');
    await child.stop(5_000);
    expect(child.pid).toBeNull();
    expect(reports.filter(({ type }) => type === 'spawned')).toHaveLength(1);
  });
});
