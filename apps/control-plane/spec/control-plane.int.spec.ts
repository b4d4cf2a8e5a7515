import 'reflect-metadata';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { commands, events } from '#libs/subjects';
import { controlPlaneNatsEnv, readSettings } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { startControlPlane } from '../src/start-control-plane.ts';
import { holds, runningReport, stoppedReport, testControlPlane, TestHost } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

const ACCOUNT = '000000000000';

let nats: TestNatsServer;
let controlPlane: TestControlPlane;
let root: NatsConnection;
let hosts: NatsConnection;

beforeAll(async () => {
  nats = await testNatsServer();
  controlPlane = await testControlPlane(nats);
  root = await nats.connect('root');
  hosts = await nats.connect('agents');
  await holds(() => controlPlane.isReady());
  await controlPlane.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memory: 64, portMappings: [{ containerPort: 80 }] }],
    }),
  );
}, 60_000);

afterAll(async () => {
  await controlPlane?.stop();
  await nats?.stop();
}, 60_000);

/** Every shard's revision: what bad input must not change. */
async function logRevisions(): Promise<string> {
  const shards = [`ecs.${ACCOUNT}`, `ecs.${ACCOUNT}.default`];
  const fingerprints = await Promise.all(
    shards.map((shard) =>
      root.request(commands.request('root', 'audit', 'GetShardFingerprint'), JSON.stringify({ shard })),
    ),
  );
  return fingerprints.map((answer) => String(answer.json<{ revision: number }>().revision)).join();
}

function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(controlPlane.endpoint, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters',
      ...headers,
    },
  });
}

describe('the API over HTTP', () => {
  test('has a default cluster; a cluster that exists is answered again', async () => {
    const { clusters } = await controlPlane.ecs.send(new DescribeClustersCommand({}));
    expect(clusters).toMatchObject([{ clusterName: 'default', status: 'ACTIVE' }]);
    const first = await controlPlane.ecs.send(new CreateClusterCommand({ clusterName: 'twice' }));
    const second = await controlPlane.ecs.send(new CreateClusterCommand({ clusterName: 'twice' }));
    expect(second.cluster).toEqual(first.cluster);
    const { clusterArns } = await controlPlane.ecs.send(new ListClustersCommand({}));
    expect(clusterArns).toContain(first.cluster?.clusterArn);
  });

  test.each([
    ['no signature', '{}', {}, 400, 'MissingAuthenticationTokenException'],
    ['a broken signature', '{}', { authorization: 'AWS4-HMAC-SHA256 nonsense' }, 400, 'IncompleteSignatureException'],
    ['a body over 1 MiB', new Uint8Array(1_048_577), {}, 413, 'RequestEntityTooLargeException'],
  ])('refuses %s', async (_what, body, headers, status, type) => {
    const before = await logRevisions();
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ __type: type });
    expect(await logRevisions()).toBe(before);
  });

  test('answers unknown paths and methods in JSON, never HTML', async () => {
    for (const response of [await fetch(`${controlPlane.endpoint}/console`), await fetch(controlPlane.endpoint)]) {
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
    }
  });

  test.each([
    [
      'an unknown cluster',
      () => new RunTaskCommand({ cluster: 'nowhere', taskDefinition: 'web' }),
      'ClusterNotFoundException',
      /Cluster not found\./,
    ],
    [
      'an unknown task definition',
      () => new RunTaskCommand({ taskDefinition: 'nothing' }),
      'ClientException',
      /TaskDefinition not found\./,
    ],
    [
      'an unknown service',
      () => new UpdateServiceCommand({ service: 'nobody', desiredCount: 1 }),
      'ServiceNotFoundException',
      /Service not found\./,
    ],
    [
      'an unknown task',
      () => new StopTaskCommand({ task: 'f'.repeat(32) }),
      'InvalidParameterException',
      /The referenced task was not found\./,
    ],
    [
      'no tasks to describe',
      () => new DescribeTasksCommand({ tasks: [] }),
      'InvalidParameterException',
      /Tasks cannot be empty\./,
    ],
    [
      'too many services to describe',
      () => new DescribeServicesCommand({ services: Array.from({ length: 11 }, (_, i) => `s${i}`) }),
      'InvalidParameterException',
      /./,
    ],
    [
      'eleven tasks at once',
      () => new RunTaskCommand({ taskDefinition: 'web', count: 11 }),
      'InvalidParameterException',
      /./,
    ],
  ])('refuses %s', async (_what, command, name, message) => {
    const before = await logRevisions();
    const send = controlPlane.ecs.send(command() as RunTaskCommand);
    await expect(send).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(await logRevisions()).toBe(before);
  });
});

describe('the API over NATS', () => {
  test('lists its operations', async () => {
    const info = (await root.request('$SRV.INFO.waybill-ecs', '')).json<{
      endpoints: { name: string; subject: string }[];
    }>();
    expect(info.endpoints).toContainEqual(
      expect.objectContaining({ name: 'RunTask', subject: 'waybill.cmd.*.ecs.RunTask' }),
    );
  });

  test.each([
    ['garbage', 'RunTask', '{nonsense', 'SerializationException'],
    ['a wrong type', 'RunTask', '{"taskDefinition": 7}', 'SerializationException'],
    ['a missing member', 'RunTask', '{}', 'InvalidParameterException'],
  ])('answers %s with an error header', async (_what, operation, payload, type) => {
    const before = await logRevisions();
    const answer = await root.request(commands.request('root', 'ecs', operation), payload);
    expect(answer.headers?.get('Nats-Service-Error-Code')).toBe('400');
    expect(answer.headers?.get('Nats-Service-Error')).toMatch(new RegExp(`^${type}: `));
    expect(answer.json()).toMatchObject({ __type: type });
    expect(await logRevisions()).toBe(before);
  });

  test('lets nobody act as another principal', async () => {
    await expect(
      root.request(commands.request('someone', 'ecs', 'ListClusters'), '{}', { timeout: 500 }),
    ).rejects.toThrow(/permission|timeout|no responders/i);
  });
});

describe('a host agent', () => {
  let host: TestHost;
  const stateChanges: { detail: { taskArn?: string; lastStatus?: string } }[] = [];

  beforeAll(async () => {
    root.subscribe(events.fact(ACCOUNT, 'ecs', 'task-state-change', 'default'), {
      callback: (_error, message) => void stateChanges.push(message.json()),
    });
    host = new TestHost(hosts);
    await hosts.flush();
    await root.flush();
    expect(await host.openSession()).toMatchObject({ term: 1, heartbeatIntervalSeconds: 2 });
  });

  async function runOne(): Promise<string> {
    const { tasks, failures } = await controlPlane.ecs.send(new RunTaskCommand({ taskDefinition: 'web' }));
    expect(failures).toEqual([]);
    expect(tasks).toMatchObject([{ lastStatus: 'PENDING', desiredStatus: 'RUNNING' }]);
    const taskId = tasks?.[0]?.taskArn?.split('/').at(-1) ?? '';
    await holds(() => host.assigned.some((message) => message.tasks.some((task) => task.taskId === taskId)));
    return taskId;
  }

  async function described(taskId: string) {
    const { tasks } = await controlPlane.ecs.send(new DescribeTasksCommand({ tasks: [taskId] }));
    return tasks?.[0];
  }

  test('is assigned a task, reports it, and the world hears of it', async () => {
    const taskId = await runOne();
    expect(await host.report([runningReport(taskId, 'web', 32_768)])).toMatchObject({ accepted: true });
    const task = await described(taskId);
    expect(task).toMatchObject({ lastStatus: 'RUNNING', containers: [{ networkBindings: [{ hostPort: 32_768 }] }] });
    await holds(() =>
      stateChanges.some(({ detail }) => detail.taskArn === task?.taskArn && detail.lastStatus === 'RUNNING'),
    );

    const revisions = await logRevisions();
    expect(await host.report([runningReport(taskId, 'web', 32_768)])).toMatchObject({ accepted: true });
    expect(await logRevisions()).toBe(revisions);

    await controlPlane.ecs.send(new StopTaskCommand({ task: taskId, reason: 'enough' }));
    await holds(() => host.assigned.at(-1)?.tasks.some((wanted) => wanted.desiredStatus === 'STOPPED') === true);
    await host.report([stoppedReport(taskId, 'web', 143)]);
    expect(await described(taskId)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      containers: [{ exitCode: 143 }],
    });
  });

  test('that is behind is told of a version it does not have', async () => {
    const taskId = await runOne();
    const version = host.assigned.at(-1)?.toVersion ?? 0;
    host.assigned.length = 0;
    host.heartbeat(version - 1);
    await holds(() => host.assigned.some((message) => message.fromVersion === version && message.tasks.length === 0));
    expect((await host.readWanted()).pages).toMatchObject([{ version, tasks: [{ taskId }], next: null }]);
    expect(await host.openSession()).toMatchObject({ heartbeatIntervalSeconds: 2 });
    await host.report([stoppedReport(taskId, 'web', 0)]);
  });

  test('of an earlier session is fenced', async () => {
    const earlier = host.sessionId;
    host.sessionId = earlier.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await host.openSession()).toMatchObject({ term: 1 });
    expect(await host.report([stoppedReport('0'.repeat(32), 'web', 0)], earlier)).toMatchObject({
      error: { code: 'SessionFenced' },
    });
  });

  test.each([
    ['garbage', 'nonsense'],
    ['a report without reports', { sessionId: 'x'.repeat(36), reports: [] }],
    [
      'a report with a foreign member',
      { sessionId: 'x'.repeat(36), reports: [{ taskId: 'no', knownStatus: 'RUNNING', containers: [] }] },
    ],
  ])('that sends %s is told so, and nothing is written', async (_what, payload) => {
    const before = await logRevisions();
    const answer = await host.ask(`waybill.agent.default.${host.instanceId}.report`, payload);
    expect(answer).toMatchObject({ error: { code: 'InvalidParameterException' } });
    expect(await logRevisions()).toBe(before);
  });
});

describe('services', () => {
  test('a second one of the same name with other parameters is refused', async () => {
    const input = { serviceName: 'once', taskDefinition: 'web', desiredCount: 0, clientToken: 'once' };
    const first = await controlPlane.ecs.send(new CreateServiceCommand(input));
    const same = await controlPlane.ecs.send(new CreateServiceCommand(input));
    expect(same.service?.serviceArn).toBe(first.service?.serviceArn);
    await expect(controlPlane.ecs.send(new CreateServiceCommand({ ...input, desiredCount: 1 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Creation of service was not idempotent.',
    });
  });
});

describe('two control planes', () => {
  test('the second one serves through the first, and takes over when it ends', async () => {
    const second = await testControlPlane(nats);
    try {
      await second.ecs.send(new CreateClusterCommand({ clusterName: 'through-the-other' }));
      const { clusters } = await controlPlane.ecs.send(
        new DescribeClustersCommand({ clusters: ['through-the-other'] }),
      );
      expect(clusters).toMatchObject([{ status: 'ACTIVE' }]);

      await controlPlane.stop();
      await holds(() => second.isReady());
      await second.ecs.send(new CreateClusterCommand({ clusterName: 'after-the-take-over' }));
      const { clusterArns } = await second.ecs.send(new ListClustersCommand({}));
      expect(clusterArns?.map((arn) => arn.split('/')[1])).toEqual(
        expect.arrayContaining(['default', 'through-the-other', 'after-the-take-over']),
      );
    } finally {
      await second.stop();
      controlPlane = await testControlPlane(nats);
      await holds(() => controlPlane.isReady());
    }
  }, 60_000);
});

describe('a nats-server that does not sync every write', () => {
  test('is refused with one clear line', async () => {
    const unsafe = await testNatsServer({ syncAlways: false });
    try {
      const settings = readSettings({ WAYBILL_HOME: unsafe.home, WAYBILL_PORT: '0' });
      const start = startControlPlane(settings, controlPlaneNatsEnv(unsafe), pino({ level: 'silent' }));
      await expect(start).rejects.toThrow(/sync_interval: always/);
    } finally {
      await unsafe.stop();
    }
  }, 60_000);
});
