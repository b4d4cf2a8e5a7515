import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { metadataEndpointId } from '#libs/agents/core';
import type { HostTask } from '#libs/agents/core';
import { SimulatedHost, simulatedRuntime } from '#libs/container-runtime';
import type { ContainerRuntime } from '#libs/container-runtime';
import { createLogger, processClock } from '#libs/platform';
import { containerSpecOf } from '#libs/testing';
import { MetadataPages } from './metadata-pages.ts';
import { MetadataServer } from './metadata-server.ts';

let host: SimulatedHost;
let runtime: ContainerRuntime;
let server: MetadataServer;
let origin: string;
let task: HostTask;
/** What the rate limit goes by; it stands still unless a test lets it pass. */
let now: number;

beforeEach(async () => {
  host = new SimulatedHost({ clock: processClock, seed: 'metadata' });
  runtime = simulatedRuntime(host);
  now = 0;
  const spec = containerSpecOf({ instanceId: 'i1', image: 'app:1' });
  const { runtimeId } = await runtime.create(spec);
  const app = { name: 'app', phase: 'CREATED', runtimeId, removed: false, exitCode: null, healthStatus: null };
  task = {
    wanted: undefined,
    definition: spec.taskDefinition,
    known: {
      taskId: spec.taskId,
      status: 'PENDING',
      containers: [app],
      pause: null,
      ending: null,
      unwanted: false,
      pullStartedAt: null,
      pullStoppedAt: null,
      executionStoppedAt: null,
    } as unknown as HostTask['known'],
  };
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  server = new MetadataServer(listening, { monotonic: () => now }, createLogger('agent', 'silent'));
  const find = (taskId: string): HostTask | undefined => (taskId === spec.taskId ? task : undefined);
  server.serve(new MetadataPages({ cluster: 'default', availabilityZone: 'us-east-1a', runtime, task: find }));
});
afterEach(async () => {
  await server.close();
  await runtime.close();
});

const endpoint = (): string => metadataEndpointId(task.known.taskId, 'app');
const runtimeIdOf = (): string => task.known.containers[0]?.runtimeId ?? '';

async function get(path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  const response = await fetch(`${origin}${path}`, { method });
  return { status: response.status, body: await response.text() };
}

describe('the task metadata endpoint', () => {
  test('serves the pages of versions 3 and 4', async () => {
    for (const version of ['v3', 'v4']) {
      const container = await get(`/${version}/${endpoint()}`);
      expect(container.status).toBe(200);
      expect(JSON.parse(container.body)).toMatchObject({ Name: 'app', DockerId: runtimeIdOf() });
      const whole = await get(`/${version}/${endpoint()}/task`);
      expect(JSON.parse(whole.body)).toMatchObject({ Family: 'contract', Containers: [{ Name: 'app' }] });
    }
  });

  test('statistics are null until there are some', async () => {
    expect(await get(`/v4/${endpoint()}/stats`)).toEqual({ status: 200, body: 'null' });
    expect(await get(`/v4/${endpoint()}/task/stats`)).toEqual({ status: 200, body: `{"${runtimeIdOf()}":null}` });
    await runtime.start(runtimeIdOf());
    const { body } = await get(`/v4/${endpoint()}/stats`);
    expect(JSON.parse(body)).toMatchObject({ id: runtimeIdOf() });
  });

  test('an id that is not known: 404, in ECS’s words', async () => {
    const { status, body } = await get('/v4/no-such-id/task');
    expect(status).toBe(404);
    expect(JSON.parse(body)).toBe(
      'V4 task metadata handler: unable to get task arn from request: unable to get task Arn from v3 endpoint ID: no-such-id',
    );
    // The task is here, but no container of it has that number.
    expect((await get(`/v4/${task.known.taskId}-0000000000`)).status).toBe(404);
  });

  test('anything else is not found, and nothing but GET is allowed', async () => {
    expect((await get('/v2/metadata')).status).toBe(404);
    expect((await get('/')).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await get(`/v4/${endpoint()}`, method)).status).toBe(405);
  });

  test('an engine that does not answer: 500', async () => {
    host.setAway(true);
    const { status, body } = await get(`/v4/${endpoint()}/task`);
    expect(status).toBe(500);
    expect(JSON.parse(body)).toBe(`Unable to generate metadata for v4 task: '${endpoint()}'`);
  });

  test('too many requests: 429, until time has passed', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 61; count++) statuses.push((await get('/v4/no-such-id')).status);
    expect(new Set(statuses.slice(0, 60))).toEqual(new Set([404]));
    expect(statuses[60]).toBe(429);
    now = 1000;
    expect((await get(`/v4/${endpoint()}`)).status).toBe(200);
  });
});
