import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { commands } from '#libs/subjects';
import { connectNats } from '#libs/platform';
import type { HistoryEntry } from '#libs/kernel';
import type { ProcessIds } from '../src/home/endpoint-file.ts';
import type { ReplayReport } from '../src/replay/replay.command.ts';
import type { WaybillStatus } from '../src/status/status.ts';
import { eventually, isAlive, RunningUp, waybill } from './running-cli.ts';

jest.setTimeout(240_000);

type ShellVariables = Record<
  'AWS_ENDPOINT_URL_ECS' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'NATS_URL' | 'NATS_USER' | 'NATS_PASSWORD',
  string
>;

const READY = /^Waybill is ready at (http:\/\/127\.0\.0\.1:\d+) \((\d+\.\d) s\)$/m;

describe('waybill, the built program, from its first start on', () => {
  let home: string;
  let up: RunningUp;
  let first: ShellVariables;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'waybill-cli-'));
    up = new RunningUp(home, '--port', '0');
    await up.says(READY);
    first = await variables();
  });

  afterAll(async () => {
    await up.end('SIGTERM');
    await rm(home, { recursive: true });
  });

  async function variables(): Promise<ShellVariables> {
    return JSON.parse((await up.cli('env', '-o', 'json')).stdout) as ShellVariables;
  }

  async function status(): Promise<WaybillStatus> {
    return JSON.parse((await up.cli('status', '-o', 'json')).stdout) as WaybillStatus;
  }

  /** The status once the local agent has joined: a start waits for it, though not for ever. */
  const statusWithInstance = (): Promise<WaybillStatus> =>
    eventually('the container instance is connected', async () => {
      const found = await status();
      return found.clusters.some((one) => one.containerInstances.some(({ connected }) => connected)) ? found : null;
    });

  /** An ECS operation over NATS, as the root principal that `waybill env` names. */
  async function ecs(operation: string, request: object): Promise<unknown> {
    const { NATS_URL, NATS_USER, NATS_PASSWORD } = await variables();
    const nc = await connectNats({ name: 'test', url: NATS_URL, user: NATS_USER, password: NATS_PASSWORD });
    try {
      const answer = await nc.request(commands.request('root', 'ecs', operation), JSON.stringify(request), {
        timeout: 10_000,
      });
      expect(answer.headers?.get('Nats-Service-Error') ?? '').toBe('');
      return answer.json();
    } finally {
      await nc.close();
    }
  }

  const ready = (): Promise<true> =>
    eventually('waybill status says ready', async () => ((await up.cli('status')).code === 0 ? true : null));

  async function killed(part: keyof ProcessIds): Promise<void> {
    const pid = (await up.endpoint()).pids[part];
    if (pid === null) throw new Error(`${part} does not run`);
    process.kill(pid, 'SIGKILL');
    await eventually(`${part} has another pid`, async () => {
      const now = (await up.endpoint()).pids[part];
      return now === null || now === pid ? null : now;
    });
    expect(isAlive(pid)).toBe(false);
  }

  test('says how to use it and shows the new key, which only its owner can read', async () => {
    const [, endpoint] = (await up.says(READY)) ?? [];
    expect(first.AWS_ENDPOINT_URL_ECS).toBe(endpoint);
    expect(up.output).toContain(`/deploy/waybill.mjs env --home '${home}')"`);
    expect(up.output).toContain(`AWS_ACCESS_KEY_ID=${first.AWS_ACCESS_KEY_ID}`);
    expect(up.output).toContain(`AWS_SECRET_ACCESS_KEY=${first.AWS_SECRET_ACCESS_KEY}`);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    for (const file of ['credentials/root-access-key.json', 'credentials/nats.json', 'run/endpoint.json']) {
      expect((await stat(join(home, file))).mode & 0o777).toBe(0o600);
    }
  });

  test('status: ready, one connected container instance in the default cluster', async () => {
    const { ready: isReady, endpoint, clusters, log } = await statusWithInstance();
    expect(isReady).toBe(true);
    expect(endpoint).toBe(first.AWS_ENDPOINT_URL_ECS);
    expect(clusters).toMatchObject([{ name: 'default', status: 'ACTIVE', containerInstances: [{ connected: true }] }]);
    expect(log.map(({ shard }) => shard)).toContain('ecs.000000000000.default');
    const forPeople = await up.cli('status');
    expect(forPeople.stdout).toMatch(/^ready at http/);
  });

  test('a second start on the same data folder is refused in one line, and harms nothing', async () => {
    const second = await waybill(['up', '--home', home, '--port', '0']);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/^waybill: Waybill runs already in .*\n$/);
    expect((await status()).ready).toBe(true);
  });

  test('a port that is taken is told in one line that says what to do', async () => {
    const other = await mkdtemp(join(tmpdir(), 'waybill-cli-'));
    const { port } = await up.endpoint();
    const refused = await waybill(['up', '--home', other, '--port', String(port), '--no-agent']);
    await rm(other, { recursive: true });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(new RegExp(`^waybill: port ${port} is in use by another program; .*--port.*\n$`));
  });

  test('history tells who made a cluster, by its ARN and by its name', async () => {
    await ecs('CreateCluster', { clusterName: 'audited' });
    const byName = await up.cli('history', 'audited', '-o', 'json');
    const entries = JSON.parse(byName.stdout) as (Omit<HistoryEntry, 'at'> & { at: string })[];
    const created = entries.find(({ type }) => type === 'ClusterCreated');
    expect(created).toMatchObject({
      command: 'CreateCluster',
      principal: 'arn:aws:iam::000000000000:root',
      source: 'nats',
    });
    expect(Date.parse(created?.at ?? '')).not.toBeNaN();
    const byArn = await up.cli('history', 'arn:aws:ecs:us-east-1:000000000000:cluster/audited');
    expect(byArn.stdout).toMatch(/ClusterCreated +root \(nats\) +CreateCluster/);
    expect(await up.cli('history', 'nobody')).toMatchObject({ code: 1, stdout: '' });
  });

  test('at shows the clusters as they were', async () => {
    const before = new Date();
    await eventually('time goes on', async () => (Date.now() > before.getTime() + 1 ? true : null));
    await ecs('DeleteCluster', { cluster: 'audited' });
    const namesAt = async (...point: string[]): Promise<readonly string[]> => {
      const { stdout } = await up.cli('at', ...point, '-o', 'json');
      return (JSON.parse(stdout) as { clusters: { clusterName: string }[] }).clusters.map((one) => one.clusterName);
    };
    expect(await namesAt(before.toISOString(), 'clusters')).toEqual(['audited', 'default']);
    expect(await namesAt('now', 'clusters')).toEqual(['default']);
    expect(await namesAt('-1d', 'clusters')).toEqual([]);
    expect(await namesAt('2', 'clusters', '--cluster', 'audited')).toEqual(['audited']);
    expect(await up.cli('at', '9999', 'tasks')).toMatchObject({ code: 1 });
    expect(await up.cli('at', 'soon', 'tasks')).toMatchObject({ code: 2 });
  });

  async function verify(): Promise<ReplayReport> {
    const { code, stdout, stderr } = await up.cli('replay', '--verify', '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as ReplayReport;
  }

  test('replay --verify: the log folds to the live state and views', async () => {
    const { ok, shards } = await verify();
    expect(ok).toBe(true);
    for (const { verifiedRevision } of shards) expect(verifiedRevision).not.toBeNull();
    expect(await up.cli('replay', '--shard', 'ecs.1.x')).toMatchObject({ code: 1 });
  });

  test.each<[keyof ProcessIds, string]>([
    ['controlPlane', 'control plane'],
    ['agent', 'agent'],
  ])('kill -9 of %s: it is started again and the log is whole', async (part, name) => {
    await killed(part);
    await up.says(new RegExp(`${name} ended \\(SIGKILL\\); starting it again in 0.1 s`));
    await up.says(new RegExp(`${name} is back`));
    await ready();
    await verify();
  });

  test('kill -9 of nats-server: it is started again where it was', async () => {
    await killed('natsServer');
    await ready();
    expect((await variables()).NATS_URL).toBe(first.NATS_URL);
    await ecs('CreateCluster', { clusterName: 'kept' });
    await verify();
  });

  test('Ctrl-C stops everything in order; the commands say so', async () => {
    const { pids } = await up.endpoint();
    expect(await up.end('SIGINT')).toBe(0);
    for (const pid of Object.values(pids)) expect(isAlive(pid)).toBe(false);
    expect(up.output).toMatch(/stopped\n$/);
    const env = await up.cli('env', '-o', 'json');
    expect(JSON.parse(env.stdout)).toEqual(first);
    expect(env.stderr).toContain('nothing runs');
    expect(await up.cli('status')).toMatchObject({ code: 1, stdout: '' });
    expect(await up.cli('history', 'kept')).toMatchObject({ code: 3, stdout: '' });
  });

  test('a second start finds everything as it was', async () => {
    up = new RunningUp(home, '--port', '0');
    await up.says(READY);
    expect(await variables()).toEqual(first);
    expect(up.output).not.toContain(first.AWS_SECRET_ACCESS_KEY);
    expect(await ecs('DescribeClusters', { clusters: ['kept'] })).toMatchObject({ clusters: [{ status: 'ACTIVE' }] });
    const { clusters } = await statusWithInstance();
    expect(clusters.find(({ name }) => name === 'default')?.containerInstances).toHaveLength(1);
    await verify();
  });

  test('kill -9 of waybill up itself: its processes follow, and the next start is clean', async () => {
    const { pids } = await up.endpoint();
    await up.end('SIGKILL');
    await eventually('control plane and agent have ended', async () =>
      isAlive(pids.controlPlane) || isAlive(pids.agent) ? null : true,
    );
    up = new RunningUp(home, '--port', '0', '--json');
    const [line] = await up.says(/^\{.*"type":"ready".*\}$/m);
    expect(JSON.parse(line)).toMatchObject({ type: 'ready', endpoint: first.AWS_ENDPOINT_URL_ECS, cluster: 'default' });
    expect(isAlive(pids.natsServer)).toBe(false);
    await ready();
    await verify();
    expect(await readFile(join(home, 'logs', 'control-plane.log'), 'utf8')).not.toContain(first.AWS_SECRET_ACCESS_KEY);
  });

  test('sh reads what env writes', async () => {
    const { stdout } = await up.cli('env');
    expect(stdout).toContain(`export AWS_SECRET_ACCESS_KEY='${first.AWS_SECRET_ACCESS_KEY}'`);
    // With its variables and without --home, the commands find the same Waybill.
    const found = await waybill(['status'], { ...first });
    expect(found.code).toBe(0);
    const wrong = await waybill(['status'], { ...first, NATS_PASSWORD: 'wrong' });
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^waybill: NATS at .* does not let us in: .*\n$/);
  });
});

describe('the command line', () => {
  test.each([
    ['--help'],
    ['up --help'],
    ['env --help'],
    ['status --help'],
    ['clean --help'],
    ['history --help'],
    ['at --help'],
    ['replay --help'],
  ])('waybill %s helps', async (args) => {
    const { code, stdout } = await waybill(args.split(' '));
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: waybill/);
    expect(stdout).toMatch(/Examples:|First steps:/);
  });

  test.each([
    ['frobnicate'],
    ['at 14:03 pods'],
    ['history'],
    ['up --port many'],
    ['status -o xml'],
    ['history x --limit 0'],
  ])('waybill %s is refused in one line with exit code 2', async (args) => {
    const { code, stdout, stderr } = await waybill([...args.split(' '), '--home', '/nonexistent']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^waybill: .*\n$/);
  });

  test('a data folder that never ran Waybill is told in one line', async () => {
    const result = await waybill(['env', '--home', '/nonexistent']);
    expect(result).toMatchObject({ code: 3, stdout: '' });
    expect(result.stderr).toMatch(/^waybill: \/nonexistent has never run Waybill: start it with npm start.*\n$/);
  });
});
