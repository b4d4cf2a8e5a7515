import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DockerRuntime } from '#libs/container-runtime-docker';
import type { ContainerInstanceOutput, TaskOutput } from '#libs/ecs/messages';
import { connectNats, productFolder, readInstanceId } from '#libs/platform';
import { commands } from '#libs/subjects';
import { busyboxImage, CONTRACT_COMMANDS, type TestImage } from '#libs/testing';
import type { CheckReport } from '../src/agent/doctor/checks.ts';
import type { ListedHost } from '../src/agent/list.command.ts';
import { eventually, type Finished, RunningCli, RunningUp, waybill } from './running-cli.ts';

jest.setTimeout(240_000);

const READY = /^Waybill is ready at /m;
const JOINED = /this host is container instance ([0-9a-f]{32}) of cluster default/;

/** An address of this machine that another one could use. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no address but loopback');
  return found.address;
}

describe('a second host', () => {
  let folder: string;
  let image: TestImage;
  let up: RunningUp;
  let second: RunningCli;
  let token: string;
  let firstId: string;
  let secondId: string;
  const home = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waybill-second-host-'));
    image = await busyboxImage();
    up = new RunningUp(home('control-plane'), '--port', '0');
    await up.says(READY);
    firstId = (await readInstanceId(home('control-plane'))) ?? '';
  });

  afterAll(async () => {
    await second.end('SIGTERM');
    await up.end('SIGTERM');
    for (const instanceId of [firstId, secondId]) {
      const runtime = new DockerRuntime({ instanceId });
      for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
      await runtime.close();
    }
    await image.remove();
    await rm(folder, { recursive: true });
  });

  const agent = (...args: string[]): Promise<Finished> => up.cli('agent', ...args);

  async function newToken(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await agent('token', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('on that host: waybill agent join') });
    return stdout.trim();
  }

  async function hosts(): Promise<readonly ListedHost[]> {
    const { stdout } = await agent('list', '-o', 'json');
    return (JSON.parse(stdout) as { hosts: readonly ListedHost[] }).hosts;
  }

  async function ecs<Answer>(operation: string, request: object): Promise<Answer> {
    const { stdout } = await up.cli('env', '-o', 'json');
    const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = JSON.parse(stdout);
    const nc = await connectNats({ name: 'test', url, user, password });
    try {
      const body = JSON.stringify(request);
      const answer = await nc.request(commands.request('root', 'ecs', operation), body, { timeout: 10_000 });
      expect(answer.headers?.get('Nats-Service-Error') ?? '').toBe('');
      return answer.json<Answer>();
    } finally {
      await nc.close();
    }
  }

  async function instance(containerInstance: string): Promise<ContainerInstanceOutput | undefined> {
    const request = { containerInstances: [containerInstance] };
    const { containerInstances } = await ecs<{ containerInstances: readonly ContainerInstanceOutput[] }>(
      'DescribeContainerInstances',
      request,
    );
    return containerInstances[0];
  }

  async function runningTasks(): Promise<readonly TaskOutput[]> {
    const { taskArns } = await ecs<{ taskArns: readonly string[] }>('ListTasks', { serviceName: 'web' });
    if (taskArns.length === 0) return [];
    const { tasks } = await ecs<{ tasks: readonly TaskOutput[] }>('DescribeTasks', { tasks: taskArns });
    return tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  }

  const hostsOf = (tasks: readonly TaskOutput[]): readonly string[] =>
    tasks.map(({ containerInstanceArn }) => containerInstanceArn?.split('/').at(-1) ?? '').sort();

  test('needs an address where NATS can be reached, and the token command says so', async () => {
    const refused = await agent('token');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^waybill: NATS listens on loopback only.*waybill up --listen ADDRESS/);
    await up.end('SIGTERM');
    expect(await agent('token')).toMatchObject({ code: 3, stdout: '' });
    up = new RunningUp(home('control-plane'), '--port', '0', '--listen', ownAddress());
    await up.says(READY);
    token = await newToken('--name', 'rack7');
    expect(token).toMatch(/^waybill-join-1\.\S+$/);
    expect(await hosts()).toMatchObject([{ name: 'rack7', state: 'waiting', containerInstance: null }]);
  });

  test('a token that lost its end is refused, and nothing is kept', async () => {
    const refused = await waybill(['agent', 'join', token.slice(0, -3), '--home', home('second')]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^waybill: the token is not whole/);
    expect(existsSync(home('second'))).toBe(false);
  });

  test('joins with one word, and nobody else can read what it keeps', async () => {
    second = new RunningCli(home('second'), ['agent', 'join', token]);
    const [, id = ''] = await second.says(JOINED);
    secondId = id;
    expect((await stat(join(home('second'), 'agent', 'host.json'))).mode & 0o777).toBe(0o600);
    expect(await hosts()).toMatchObject([
      { instanceId: secondId, state: 'joined', containerInstance: { status: 'ACTIVE', connected: true } },
    ]);
    expect((await instance(firstId))?.agentConnected).toBe(true);
  });

  test('the same token on another machine is refused with the name of the first', async () => {
    const refused = await waybill(['agent', 'join', token, '--home', home('third')]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/the token was used by .* at \d{4}-.*: each host needs one of its own/);
    const here = await waybill(['agent', 'join', token, '--home', home('second')]);
    expect(here.stderr).toMatch(/runs already \(process \d+\)/);
    const there = await waybill(['agent', 'join', token, '--home', home('control-plane')]);
    expect(there.stderr).toContain('is the data folder of a control plane');
  });

  test('its doctor finds an engine, and a clock that agrees', async () => {
    const { code, stdout } = await waybill(['agent', 'doctor', '--json', '--home', home('second')]);
    expect(code).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: readonly CheckReport[] };
    for (const check of ['container engine', 'clock']) {
      expect(checks.find((one) => one.check === check)).toMatchObject({ state: 'ok' });
    }
  });

  test('both hosts serve the tasks of a service', async () => {
    const container = {
      name: 'app',
      image: image.name,
      command: CONTRACT_COMMANDS.obedient,
      memory: 32,
      stopTimeout: 2,
    };
    await ecs('RegisterTaskDefinition', { family: 'web', containerDefinitions: [container] });
    await ecs('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 2,
      placementStrategy: [{ type: 'spread', field: 'instanceId' }],
    });
    const tasks = await eventually('two tasks run', async () => {
      const running = await runningTasks();
      return running.length === 2 ? running : null;
    });
    expect(hostsOf(tasks)).toEqual([firstId, secondId].sort());
  });

  test('another version of the agent takes over, and no container notices', async () => {
    const runtimeIds = async (): Promise<readonly string[]> =>
      (await runningTasks()).flatMap(({ containers }) => (containers ?? []).map(({ runtimeId }) => runtimeId ?? ''));
    const [before, old] = [await runtimeIds(), await instance(secondId)];
    const newer = home('newer-version');
    await cp(join(productFolder(), 'dist'), join(newer, 'dist'), { recursive: true });
    await symlink(join(productFolder(), 'node_modules'), join(newer, 'node_modules'));
    const manifest = JSON.parse(await readFile(join(productFolder(), 'package.json'), 'utf8')) as object;
    await writeFile(join(newer, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }));
    expect(await second.end('SIGTERM')).toBe(0);
    const cli = join(newer, 'dist', 'apps', 'cli', 'src', 'main.js');
    second = new RunningCli(home('second'), ['agent', 'join', token], { cli });
    await second.says(JOINED);
    expect((await instance(secondId))?.versionInfo?.agentVersion).toBe('99.0.0');
    expect(old?.versionInfo?.agentVersion).not.toBe('99.0.0');
    expect([...(await runtimeIds())].sort()).toEqual([...before].sort());
    expect(before).toHaveLength(2);
  });

  test('a drain moves the tasks of services; --wait waits for the last one', async () => {
    const drained = await agent('drain', secondId, '--wait', '-o', 'json');
    expect(JSON.parse(drained.stdout)).toEqual({ containerInstance: secondId, status: 'DRAINING', tasksLeft: 0 });
    expect(hostsOf(await runningTasks())).toEqual([firstId, firstId]);
    await ecs('UpdateContainerInstancesState', { containerInstances: [secondId], status: 'ACTIVE' });
    expect((await agent('drain', 'f'.repeat(32))).stderr).toContain('has no container instance');
  });

  test('leaves: drained, deregistered, and nothing is kept', async () => {
    await ecs('UpdateContainerInstancesState', { containerInstances: [firstId], status: 'DRAINING' });
    await eventually('both tasks are on the second host', async () =>
      hostsOf(await runningTasks()).join() === [secondId, secondId].join() ? true : null,
    );
    await ecs('UpdateContainerInstancesState', { containerInstances: [firstId], status: 'ACTIVE' });
    const left = await waybill(['agent', 'leave', '--home', home('second')]);
    expect(left).toMatchObject({ code: 0, stdout: expect.stringContaining('has left cluster default') });
    expect(second.isRunning).toBe(false);
    expect(hostsOf(await runningTasks())).toEqual([firstId, firstId]);
    expect(await hosts()).toEqual([]);
    expect((await instance(secondId))?.status).toBe('INACTIVE');
    expect(existsSync(join(home('second'), 'agent', 'host.json'))).toBe(false);
    const runtime = new DockerRuntime({ instanceId: secondId });
    expect(await runtime.list()).toEqual([]);
    await runtime.close();
  });

  test('a token that was revoked or has expired is refused by NATS', async () => {
    const revoked = await newToken('--name', 'revoked');
    expect(await agent('revoke', 'revoked')).toMatchObject({ code: 0 });
    const expired = await newToken('--expires', '1s');
    await eventually('the unused token is forgotten', async () => ((await hosts()).length === 0 ? true : null));
    for (const word of [revoked, expired]) {
      const refused = await eventually('NATS knows the user no more', async () => {
        const joining = await waybill(['agent', 'join', word, '--home', home('third')]);
        return joining.stderr.includes('NATS refuses the token') ? joining : null;
      });
      expect(refused.code).toBe(1);
    }
  });
});
