import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { StoredCommit } from '#libs/event-store';
import { FileWitnessStore, openJournal } from '#libs/event-store-jetstream';
import {
  auditorUser,
  connectNats,
  controlPlaneUser,
  credentialsOf,
  findNatsServer,
  rootUser,
  startNatsServer,
  type SupervisedNatsServer,
} from '#libs/platform';
import { CommitChain } from '#libs/testing';
import { doctor, type DoctorOptions, type DoctorReport } from '../src/doctor/doctor.command.ts';

// Several lives of nats-server.
jest.setTimeout(120_000);

const NOW = Date.UTC(2026, 10, 26);
let home: string;
let server: SupervisedNatsServer | null;
let nc: NatsConnection;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-doctor-'));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(home, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const { path: binary } = await findNatsServer(process.env);
  server = await startNatsServer({ binary, home, users: [controlPlaneUser(), rootUser(), auditorUser()] });
  const { user, password, inboxPrefix } = credentialsOf(server.credentials, controlPlaneUser().name);
  nc = await connectNats({ name: 'doctor spec', url: server.url, user, password, inboxPrefix });
}

async function stop(): Promise<void> {
  await nc.close();
  await server?.stop();
  server = null;
}

/** Commits of two shards, with messages that are none between them where asked for. */
async function record(foreign: Readonly<Record<number, string>> = {}): Promise<void> {
  const journal = await openJournal(nc);
  const chains = ['ecs.1', 'ecs.1.blue'].map((shard) => ({ chain: new CommitChain(shard), at: null as number | null }));
  for (let turn = 0; turn < 40; turn++) {
    if (foreign[turn] !== undefined) await nc.request(foreign[turn] ?? '', 'not a commit\u001b[2J');
    const shard = chains[turn % 2];
    if (shard === undefined) continue;
    const outcome = await journal.append(shard.chain.next({ note: `ä ${turn}` }), shard.at);
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
    shard.at = outcome.streamRevision;
  }
  const cursors = await new Kvm(nc).create('WAYBILL_CURSORS', { history: 1 });
  await cursors.put('public-events', '30');
}

async function commits(): Promise<StoredCommit[]> {
  const journal = await openJournal(nc);
  const all: StoredCommit[] = [];
  for await (const batch of journal.read(null, 0)) all.push(...batch);
  return all;
}

async function run(options: Partial<DoctorOptions> = {}): Promise<DoctorReport & { readonly exitCode: number }> {
  let output = '';
  const terminal = { isTty: false, out: (text: string) => void (output += text), err: () => {} };
  const env = { ...process.env, NATS_URL: '' };
  const exitCode = await doctor({ home, output: 'json', ...options }, { terminal, env, nowMs: () => NOW });
  return { ...(JSON.parse(output) as DoctorReport), exitCode };
}

const FOREIGN = { 5: 'waybill.log.x', 20: 'waybill.log.ecs.1.blue' };

describe('a log with messages that are not commits', () => {
  test('is reported while Waybill runs, and repaired when it is stopped: every commit byte for byte', async () => {
    await record({ 5: FOREIGN[5] });
    // On the subject of a shard nothing can be appended behind it, so it comes last.
    await nc.request(FOREIGN[20], 'not a commit\u001b[2J');
    const before = await commits();
    const running = await run();
    expect(running).toMatchObject({
      exitCode: 1,
      ok: false,
      commits: 40,
      shards: 2,
      findings: [
        { kind: 'foreign', position: 6, subject: 'waybill.log.x', shard: null },
        { kind: 'foreign', position: 42, subject: 'waybill.log.ecs.1.blue', shard: 'ecs.1.blue' },
      ],
    });
    expect(running.remedies).toEqual([expect.stringContaining('waybill doctor --repair')]);
    await expect(run({ repair: true })).rejects.toThrow(/Waybill runs: stop it first/);
    await stop();
    expect(await run()).toMatchObject({ exitCode: 1, findings: running.findings });

    const repaired = await run({ repair: true });
    expect(repaired).toMatchObject({ exitCode: 0, ok: true, commits: 40, findings: [], repaired: { removed: 2 } });
    expect(await readdir(repaired.repaired?.keptStore ?? '')).toContain('WAYBILL');
    expect(await run({ repair: true })).toMatchObject({ exitCode: 0, ok: true, repaired: null });

    await start();
    const after = await commits();
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    expect(after.map(({ streamRevision }) => streamRevision)).toEqual(after.map((_, index) => index + 1));
    const info = await nc.request('$JS.API.STREAM.INFO.WAYBILL', '');
    expect(info.json()).toMatchObject({ config: { deny_delete: true, deny_purge: true } });
    // One message was taken out before that position.
    expect((await (await new Kvm(nc).open('WAYBILL_CURSORS')).get('public-events'))?.string()).toBe('29');
    // The shard can be written again.
    const journal = await openJournal(nc);
    const head = await journal.readHead('ecs.1.blue');
    expect(head?.revision).toBe(20);
  });

  test('a repair that was interrupted while the stores changed places is finished by the next run', async () => {
    await record(FOREIGN[5] === undefined ? {} : { 5: FOREIGN[5] });
    await stop();
    const store = join(home, 'nats');
    const kept = (await run({ repair: true })).repaired?.keptStore ?? '';
    // As it was between the two renames.
    const repaired = join(home, 'nats', 'doctor', 'repaired', 'nats', 'jetstream');
    await mkdir(join(repaired, '..'), { recursive: true });
    await rename(join(store, 'jetstream'), repaired);
    await writeFile(join(store, 'doctor-exchange.json'), JSON.stringify({ repaired, kept }));
    await expect(start()).rejects.toThrow(/was interrupted: `waybill doctor` finishes it/);
    expect(await run()).toMatchObject({ exitCode: 0, ok: true, commits: 40 });
    await start();
    expect(await commits()).toHaveLength(40);
  });
});

describe('a log that lost something', () => {
  test('a whole log whose witness knows more is reported, and not repaired', async () => {
    await record();
    await stop();
    await mkdir(join(home, 'witness'));
    const witnesses = await FileWitnessStore.open(join(home, 'witness', 'shards.json'));
    await witnesses.write({ shard: 'ecs.1', revision: 21, hash: 'x', term: 1 });
    await witnesses.write({ shard: 'ecs.1.gone', revision: 1, hash: 'y', term: 1 });
    const report = await run({ repair: true });
    expect(report).toMatchObject({
      exitCode: 1,
      repaired: null,
      findings: [{ shard: 'ecs.1' }, { shard: 'ecs.1.gone' }],
    });
    expect(report.findings[0]?.text).toMatch(/ends at commit 20, but commit 21 was acknowledged/);
    expect(report.remedies).toEqual([expect.stringMatching(/restore the store from a copy/)]);
  });

  test('a whole log is whole', async () => {
    await record();
    expect(await run()).toMatchObject({ exitCode: 0, ok: true, commits: 40, shards: 2, findings: [] });
    await stop();
    expect(await run()).toMatchObject({ exitCode: 0, ok: true, commits: 40, shards: 2, findings: [] });
    expect(await readdir(join(home, 'nats'))).not.toContain('doctor');
  });

  test('a folder without a store is named', async () => {
    await stop();
    await expect(run({ store: home })).rejects.toThrow(`${home} holds no store of nats-server`);
  });
});
