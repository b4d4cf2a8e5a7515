import {
  DeregisterContainerInstanceCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AGENT_MESSAGE_BYTES_MAX } from '#libs/agents/protocol';
import { wantedSum } from '#libs/ecs/messages';
import { jsonBytes } from '#libs/kernel';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { holds, testControlPlane, TestHost } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

/* What follows from small requests: directives, wanted sets and definitions that no single message could carry. */

jest.setTimeout(180_000);

const ENVELOPE_BYTES = 1_024;
const TASKS_PER_CALL = 10;
const CALLS_AT_ONCE = 10;
const RESOURCES = { cpu: 1_000_000, memory: 10_000_000, reservedTcpPorts: [], reservedUdpPorts: [] };
const HEARTBEAT_MS = 1_000;

let nats: TestNatsServer;
let controlPlane: TestControlPlane;
let host: TestHost;
/** The newest version that the host has been sent. */
let version = 0;
let heartbeats: NodeJS.Timeout;

beforeAll(async () => {
  nats = await testNatsServer();
  controlPlane = await testControlPlane(nats);
  await holds(() => controlPlane.isReady());
});

afterAll(async () => {
  await controlPlane?.stop();
  await nats?.stop();
});

beforeEach(async () => {
  host = new TestHost(await nats.connect('agents'));
  expect(await host.openSession({ resources: RESOURCES })).toMatchObject({ heartbeatIntervalSeconds: 2 });
  version = 0;
  heartbeats = setInterval(() => {
    version = host.assigned.at(-1)?.toVersion ?? version;
    host.heartbeat(version);
  }, HEARTBEAT_MS);
});

afterEach(() => clearInterval(heartbeats));

async function register(family: string, environmentBytes = 0): Promise<string> {
  const environment = environmentBytes === 0 ? [] : [{ name: 'BALLAST', value: 'x'.repeat(environmentBytes) }];
  const containerDefinitions = [{ name: 'app', image: 'app', memory: 6, environment }];
  const { taskDefinition } = await controlPlane.ecs.send(
    new RegisterTaskDefinitionCommand({ family, networkMode: 'none', containerDefinitions }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

/** Runs so many tasks on this test's host, several calls at once. */
async function runTasks(taskDefinition: string, tasks: number, members: Partial<RunTaskCommandInput> = {}) {
  let left = tasks / TASKS_PER_CALL;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await controlPlane.ecs.send(
        new RunTaskCommand({ taskDefinition, count: TASKS_PER_CALL, ...members }),
      );
      expect(answer.failures).toEqual([]);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, caller));
}

function assignedTasks(): ReadonlySet<string> {
  return new Set(host.assigned.flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId)));
}

async function deregister(): Promise<void> {
  const answer = await controlPlane.ecs.send(
    new DeregisterContainerInstanceCommand({ containerInstance: host.instanceId, force: true }),
  );
  expect(answer.containerInstance?.status).toBe('INACTIVE');
}

describe('what follows from a request and is larger than a message', () => {
  test('many tasks of large definitions at once: directives are small, each definition is read once', async () => {
    const arns: string[] = [];
    for (let i = 0; i < 30; i++) arns.push(await register(`large-${i}`, 60_000));
    const answers = await Promise.all(
      arns.map((taskDefinition) => controlPlane.ecs.send(new RunTaskCommand({ taskDefinition, count: 1 }))),
    );
    expect(answers.flatMap(({ failures }) => failures)).toEqual([]);
    await holds(() => assignedTasks().size === arns.length);
    for (const message of host.assigned)
      expect(jsonBytes(message)).toBeLessThan(AGENT_MESSAGE_BYTES_MAX + ENVELOPE_BYTES);

    const read = new Map<string, object>();
    while (read.size < arns.length) {
      const answer = await host.definitions(arns.filter((arn) => !read.has(arn)));
      if ('error' in answer) throw new Error(answer.error.message);
      expect(jsonBytes(answer)).toBeLessThan(AGENT_MESSAGE_BYTES_MAX + ENVELOPE_BYTES);
      expect(answer.unknown).toEqual([]);
      for (const [arn, definition] of Object.entries(answer.taskDefinitions)) read.set(arn, definition);
    }
    expect(await controlPlane.isReady()).toBe(true);
    await deregister();
  });

  test('a wanted set of 5 MiB: read in pages, and the host is connected only with all of it', async () => {
    const taskDefinition = await register('overridden');
    const value = 'y'.repeat(7_900);
    const overrides = { containerOverrides: [{ name: 'app', environment: [{ name: 'Y', value }] }] };
    await runTasks(taskDefinition, 640, { overrides });

    host.sessionId = crypto.randomUUID();
    const { pages, wanted } = await host.readWanted();
    expect(pages.length).toBeGreaterThan(40);
    expect(jsonBytes(pages)).toBeGreaterThan(5 * 1_024 * 1_024);
    for (const page of pages) expect(jsonBytes(page)).toBeLessThan(AGENT_MESSAGE_BYTES_MAX + ENVELOPE_BYTES);
    const tasks = pages.flatMap((page) => page.tasks);
    expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(640);

    const partly = wantedSum(wanted.version, pages[0]?.tasks ?? []);
    expect(await host.openSession({ resources: RESOURCES, wanted: partly })).toMatchObject({
      error: { code: 'WantedSetChanged' },
    });
    expect(await host.openSession({ resources: RESOURCES, wanted })).toMatchObject({ heartbeatIntervalSeconds: 2 });
    await deregister();
  });

  test('a host that has only read its set is not registered', async () => {
    const stranger = new TestHost(await nats.connect('agents'));
    expect(await stranger.readWanted()).toMatchObject({ pages: [{ version: 0, tasks: [], next: null }] });
    const { containerInstanceArns = [] } = await controlPlane.ecs.send(new ListContainerInstancesCommand({}));
    expect(containerInstanceArns.some((arn) => arn.endsWith(stranger.instanceId))).toBe(false);
    await deregister();
  });

  test('a forced deregistration of a host with thousands of tasks ends them all', async () => {
    await runTasks(await register('tiny'), 3_000);
    await holds(() => assignedTasks().size === 3_000);
    host.assigned.length = 0;
    await deregister();
    await holds(() => assignedTasks().size === 3_000);
    for (const message of host.assigned)
      expect(jsonBytes(message)).toBeLessThan(AGENT_MESSAGE_BYTES_MAX + ENVELOPE_BYTES);
    const { containerInstances = [] } = await controlPlane.ecs.send(
      new DescribeContainerInstancesCommand({ containerInstances: [host.instanceId] }),
    );
    expect(containerInstances).toMatchObject([{ status: 'INACTIVE', runningTasksCount: 0, pendingTasksCount: 0 }]);
    // So many directives and events keep it busy for a moment.
    await holds(() => controlPlane.isReady());
  });
});
