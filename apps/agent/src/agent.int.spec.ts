import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { credentialsOf } from '#libs/platform';
import {
  busyboxImage,
  CONTRACT_COMMANDS,
  OBEYS,
  eventually,
  testNatsServer,
  type TestImage,
  type TestNatsServer,
} from '#libs/testing';
import Docker from 'dockerode';
import { ControlPlaneDouble } from '../spec/control-plane-double.ts';
import { definitionOf, wantedTask } from '../spec/tasks.ts';

/** A real engine and processes on a busy machine. */
jest.setTimeout(90_000);

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const RUN_TYPESCRIPT = new URL('../spec/run-typescript.mjs', import.meta.url).href;

const docker = new Docker();
let image: TestImage;
let nats: TestNatsServer;
let control: ControlPlaneDouble;
let instanceId: string;
let runtime: DockerRuntime;
const children: ChildProcess[] = [];

beforeAll(async () => {
  nats = await testNatsServer();
  image = await busyboxImage();
  control = await ControlPlaneDouble.on(nats);
});
beforeEach(() => {
  instanceId = randomBytes(16).toString('hex');
  runtime = new DockerRuntime({ instanceId });
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await nats.stop();
  await image.remove();
});

/** The agent's real process, from the sources. */
function forkAgent(env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = fork(MAIN, [], {
    execArgv: ['--conditions=source', '--import', RUN_TYPESCRIPT],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      WAYBILL_HOME: nats.home,
      WAYBILL_INSTANCE_ID: instanceId,
      WAYBILL_LOG_LEVEL: 'warn',
      WAYBILL_METADATA: '0',
      NATS_URL: nats.url,
      NATS_USER: 'agents',
      NATS_PASSWORD: credentialsOf(nats.credentials, 'agents').password,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
}

async function ready(child: ChildProcess): Promise<void> {
  const [message] = await once(child, 'message');
  expect(message).toEqual({ type: 'ready', ready: true, instanceId });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

async function removeContainers(): Promise<void> {
  for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
  await runtime.close();
}

const obedient = (members = {}) => definitionOf(image.name, { command: CONTRACT_COMMANDS.obedient, ...members });

describe('an agent process, a nats-server and Docker', () => {
  test('registers, runs a task, reports it, stops it, and leaves containers alone when it ends', async () => {
    const agent = forkAgent({ WAYBILL_INSTANCE_ATTRIBUTES: '{"stack":"blue"}', WAYBILL_TASK_CLEANUP_SECONDS: '1' });
    await ready(agent);
    const session = control.sessions.find((entry) => entry.instanceId === instanceId)?.request;
    expect(session).toMatchObject({
      resources: {
        cpu: expect.any(Number),
        memory: expect.any(Number),
        reservedTcpPorts: [22, 2375, 2376, 51678, 51679],
      },
      versionInfo: { dockerVersion: expect.stringMatching(/^DockerVersion: \d+\./) },
    });
    expect(session?.attributes).toEqual(
      expect.arrayContaining([
        { name: 'ecs.os-type', value: 'linux' },
        { name: 'ecs.availability-zone', value: 'us-east-1a' },
        { name: 'ecs.capability.container-health-check' },
        { name: 'com.amazonaws.ecs.capability.logging-driver.json-file' },
        { name: 'stack', value: 'blue' },
      ]),
    );

    const definition = obedient({ portMappings: [{ containerPort: 80 }], healthCheck: OBEYS });
    const [staying, leaving] = [wantedTask(definition), wantedTask(definition)];
    control.place(instanceId, staying, definition);
    control.place(instanceId, leaving, definition);
    const running = await control.reported(staying.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    expect(running.containers).toMatchObject([
      {
        name: 'app',
        lastStatus: 'RUNNING',
        runtimeId: expect.stringMatching(/^[0-9a-f]{64}$/),
        imageDigest: expect.stringMatching(/^sha256:/),
        networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: expect.any(Number), protocol: 'tcp' }],
      },
    ]);

    await control.reported(leaving.taskId, ({ containers }) => containers[0]?.healthStatus === 'HEALTHY');
    control.stop(instanceId, leaving.taskId);
    const stopped = await control.reported(leaving.taskId, ({ knownStatus }) => knownStatus === 'STOPPED');
    expect(stopped.containers).toMatchObject([{ exitCode: 143, lastStatus: 'STOPPED' }]);
    // The stopped task's container goes after its clean-up delay.
    await eventually(
      () => runtime.list(),
      (items) => items.length === 1,
    );
    await eventually(
      () => Promise.resolve(control.heartbeats),
      (beats) => beats.some((beat) => beat.instanceId === instanceId),
    );

    expect(await end(agent, 'SIGTERM')).toBe(0);
    expect(await runtime.list()).toMatchObject([{ taskId: staying.taskId, phase: 'RUNNING' }]);
    await removeContainers();
  });

  test('tasks that cannot run end with the reasons of ECS', async () => {
    const agent = forkAgent();
    await ready(agent);
    const fails = async (members: Parameters<typeof definitionOf>[1], family: string): Promise<string | undefined> => {
      const definition = definitionOf(image.name, members, family);
      const task = wantedTask(definition);
      control.place(instanceId, task, definition);
      const report = await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'STOPPED');
      expect(report.stopCode).toBe('TaskFailedToStart');
      expect(report.containers[0]?.exitCode).toBeUndefined();
      return report.reason;
    };
    expect(await fails({ image: 'not/A/Name:1' }, 'no-image')).toMatch(
      /^CannotPullContainerError: Error response from daemon: /,
    );
    expect(await fails({ command: ['/no/program'] }, 'no-program')).toMatch(
      /^CannotStartContainerError: Error response from daemon: .*no such file or directory/,
    );
    const taken = obedient({ portMappings: [{ containerPort: 80 }] });
    const holder = wantedTask(taken);
    control.place(instanceId, holder, taken);
    const { containers } = await control.reported(holder.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    const hostPort = containers[0]?.networkBindings?.[0]?.hostPort ?? 0;
    const portMappings = [{ containerPort: 80, hostPort }];
    expect(await fails({ command: CONTRACT_COMMANDS.obedient, portMappings }, 'taken')).toContain(
      'port is already allocated',
    );
    await end(agent, 'SIGTERM');
    await removeContainers();
  });

  test('a killed container is noticed by its event, and an answer that is lost only costs a repetition', async () => {
    const agent = forkAgent();
    await ready(agent);
    const definition = obedient();
    const task = wantedTask(definition);
    control.unansweredReports = 1;
    control.place(instanceId, task, definition);
    const { containers } = await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    await docker.getContainer(containers[0]?.runtimeId ?? '').kill();
    const stopped = await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'EssentialContainerExited',
      reason: 'Essential container in task exited',
      containers: [{ exitCode: 137 }],
    });
    await end(agent, 'SIGTERM');
    await removeContainers();
  });

  test('kill -9: the next process adopts by label, reports what ended meanwhile, and starts nothing twice', async () => {
    const first = forkAgent();
    await ready(first);
    const definition = obedient();
    const [running, ended, unwanted, gone] = Array.from({ length: 4 }, () => wantedTask(definition));
    if (running === undefined || ended === undefined || unwanted === undefined || gone === undefined)
      throw new Error('four');
    const tasks = [running, ended, unwanted, gone];
    control.placeAll(instanceId, tasks, definition);
    for (const { taskId } of tasks) await control.reported(taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    const before = await runtime.list();
    const idOf = (taskId: string): string => before.find((item) => item.taskId === taskId)?.runtimeId ?? '';
    await end(first, 'SIGKILL');

    await runtime.kill(idOf(ended.taskId));
    await runtime.remove(idOf(gone.taskId));
    control.forget(instanceId, unwanted.taskId);
    const requestsBefore = control.reportRequests;
    const second = forkAgent();
    await ready(second);
    expect(await control.reported(ended.taskId, ({ knownStatus }) => knownStatus === 'STOPPED')).toMatchObject({
      containers: [{ exitCode: 137 }],
    });
    expect(await control.reported(gone.taskId, ({ knownStatus }) => knownStatus === 'STOPPED')).toMatchObject({
      containers: [{ reason: expect.stringContaining('ContainerVanishedError') }],
    });
    await eventually(
      async () => (await runtime.inspect(idOf(unwanted.taskId)))?.phase,
      (phase) => phase === 'STOPPED',
    );
    expect(control.reportRequests).toBeGreaterThan(requestsBefore);
    expect(control.reports.get(running.taskId)?.knownStatus).toBe('RUNNING');
    const after = await runtime.list();
    expect(after.filter(({ phase }) => phase === 'RUNNING')).toEqual([
      { taskId: running.taskId, containerName: 'app', runtimeId: idOf(running.taskId), phase: 'RUNNING' },
    ]);
    expect(after).toHaveLength(3);
    await end(second, 'SIGTERM');
    await removeContainers();
  });

  test('a deregistered instance stops its tasks', async () => {
    const agent = forkAgent();
    await ready(agent);
    const definition = obedient();
    const task = wantedTask(definition);
    control.place(instanceId, task, definition);
    await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    control.refusal = { error: { code: 'InstanceInactive', message: 'The container instance is INACTIVE.' } };
    control.nudge(instanceId);
    await eventually(
      () => runtime.list(),
      (items) => items.every(({ phase }) => phase === 'STOPPED'),
    );
    control.refusal = null;
    await end(agent, 'SIGTERM');
    await removeContainers();
  });

  describe('told to drain before it ends', () => {
    const DRAINING = { WAYBILL_DRAIN_ON_SIGTERM: '1' };

    async function runOne(): Promise<string> {
      const definition = obedient();
      const task = wantedTask(definition);
      control.place(instanceId, task, definition);
      await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
      return task.taskId;
    }

    async function hasAsked(): Promise<void> {
      await eventually(
        () => Promise.resolve(control.drains),
        (drains) => drains.some((drain) => drain.instanceId === instanceId),
      );
    }

    test('SIGTERM: it serves its task until that is stopped and reported', async () => {
      const agent = forkAgent(DRAINING);
      await ready(agent);
      const taskId = await runOne();
      const exited = once(agent, 'exit');
      agent.kill('SIGTERM');
      await hasAsked();
      const { sessionId } = control.sessions.findLast((entry) => entry.instanceId === instanceId)?.request ?? {};
      expect(control.drains.at(-1)).toEqual({ instanceId, request: { sessionId } });
      expect(agent.exitCode).toBeNull();
      control.stop(instanceId, taskId);
      await exited;
      expect(agent.exitCode).toBe(0);
      expect(control.reports.get(taskId)?.knownStatus).toBe('STOPPED');
      await removeContainers();
    });

    test('a second SIGTERM: it ends at once, and its task runs on', async () => {
      const agent = forkAgent(DRAINING);
      await ready(agent);
      await runOne();
      const exited = once(agent, 'exit');
      agent.kill('SIGTERM');
      await hasAsked();
      agent.kill('SIGTERM');
      await exited;
      expect(agent.exitCode).toBe(0);
      expect(await runtime.list()).toMatchObject([{ phase: 'RUNNING' }]);
      await removeContainers();
    });

    test('the limit: it ends, and its task runs on', async () => {
      const agent = forkAgent({ ...DRAINING, WAYBILL_DRAIN_TIMEOUT: '1s' });
      await ready(agent);
      await runOne();
      expect(await end(agent, 'SIGTERM')).toBe(0);
      expect(await runtime.list()).toMatchObject([{ phase: 'RUNNING' }]);
      await removeContainers();
    });
  });

  test('it outlives the broker, and ends with its parent', async () => {
    const agent = forkAgent();
    await ready(agent);
    const sessions = control.sessions.filter((entry) => entry.instanceId === instanceId).length;
    const { pid } = nats.server;
    if (pid === null) throw new Error('no nats-server');
    process.kill(pid, 'SIGKILL');
    await eventually(
      () => Promise.resolve(control.sessions.filter((entry) => entry.instanceId === instanceId).length),
      (count) => count > sessions,
    );
    const definition = obedient();
    const task = wantedTask(definition);
    control.place(instanceId, task, definition);
    await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    const exited = once(agent, 'exit');
    agent.disconnect();
    await exited;
    expect(agent.exitCode).toBe(0);
    expect(await runtime.list()).toMatchObject([{ phase: 'RUNNING' }]);
    await removeContainers();
  });

  test('while it waits for a broker it can be ended', async () => {
    const agent = forkAgent({ NATS_URL: 'nats://127.0.0.1:1' });
    agent.disconnect();
    await once(agent, 'exit');
    expect(agent.exitCode).toBe(0);
  });

  test('settings that make no sense are refused with one line', async () => {
    const agent = forkAgent({ WAYBILL_CLUSTER: 'no.dots' });
    await once(agent, 'exit');
    expect(agent.exitCode).toBe(1);
  });
});
