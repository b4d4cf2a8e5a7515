import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import { ecsService } from '#libs/ecs/messages';
import { commands, events, eventStream } from '#libs/subjects';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { holds, testControlPlane, TestHost } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

/* What a publisher can rely on beyond the ECS JSON: the catalogue, the statistics, repeats and traces. */

const ACCOUNT = '000000000000';

let nats: TestNatsServer;
let controlPlane: TestControlPlane;
let root: NatsConnection;

beforeAll(async () => {
  nats = await testNatsServer();
  controlPlane = await testControlPlane(nats);
  root = await nats.connect('root');
  await holds(() => controlPlane.isReady());
  const host = new TestHost(await nats.connect('agents'));
  await host.openSession();
  await ask('RegisterTaskDefinition', {
    family: 'web',
    containerDefinitions: [{ name: 'web', image: 'web:1', memory: 4, environment: [{ name: 'A', value: 'x' }] }],
  });
}, 60_000);

afterAll(async () => {
  await controlPlane?.stop();
  await nats?.stop();
}, 60_000);

function ask(operation: string, input: object, sent: Record<string, string> = {}): Promise<Msg> {
  const sentHeaders = headers();
  for (const [name, value] of Object.entries(sent)) sentHeaders.set(name, value);
  return root.request(commands.request('root', 'ecs', operation), JSON.stringify(input), {
    headers: sentHeaders,
    timeout: 10_000,
  });
}

type Endpoint = { name: string; num_requests: number; num_errors: number; last_error?: string };

async function endpoint(name: string): Promise<Endpoint> {
  const stats = await root.request('$SRV.STATS.waybill-ecs', '', { timeout: 10_000 });
  const found = stats.json<{ endpoints: Endpoint[] }>().endpoints.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no endpoint ${name}`);
  return found;
}

describe('statistics and catalogue', () => {
  test('a request that failed counts as an error, and one that succeeded does not', async () => {
    const before = await endpoint('RunTask');
    for (let i = 0; i < 3; i++) await ask('RunTask', { taskDefinition: 'no-such-family' });
    await ask('RunTask', { taskDefinition: 'web' });
    const after = await endpoint('RunTask');
    expect(after.num_errors - before.num_errors).toBe(3);
    expect(after.num_requests - before.num_requests).toBe(4);
    expect(after.last_error).toMatch(/^ClientException: /);
  });

  test('every operation of the model has an endpoint; one that is not served says so, as over HTTP', async () => {
    const info = await root.request('$SRV.INFO.waybill-ecs', '', { timeout: 10_000 });
    const { endpoints } = info.json<{ endpoints: { name: string; metadata: { served: string } }[] }>();
    expect(endpoints.map(({ name }) => name)).toEqual(Object.keys(ecsService.shapes.operations));
    const notServed = endpoints.find(({ metadata }) => metadata.served === 'false')?.name ?? '';
    const response = await ask(notServed, {});
    expect(response.headers?.get('Nats-Service-Error')).toMatch(/^UnsupportedFeatureException: /);
    expect(response.json()).toMatchObject({ __type: 'UnsupportedFeatureException' });
  });
});

describe('a call that is sent again', () => {
  test('with its Nats-Msg-Id is answered with the first response and done once', async () => {
    const id = randomUUID();
    const first = await ask('RunTask', { taskDefinition: 'web', group: id }, { 'Nats-Msg-Id': id });
    const second = await ask('RunTask', { taskDefinition: 'web', group: id }, { 'Nats-Msg-Id': id });
    expect(first.json<{ tasks: object[] }>().tasks).toHaveLength(1);
    expect(second.json()).toEqual(first.json());
    const another = await ask('RunTask', { taskDefinition: 'web', group: id }, { 'Nats-Msg-Id': randomUUID() });
    expect(another.json()).not.toEqual(first.json());
  });

  test('at the same time, too', async () => {
    const sent = { 'Nats-Msg-Id': randomUUID() };
    const responses = await Promise.all([1, 2, 3].map(() => ask('RunTask', { taskDefinition: 'web' }, sent)));
    const arns = responses.map((response) => response.json<{ tasks: { taskArn: string }[] }>().tasks[0]?.taskArn);
    expect(new Set(arns).size).toBe(1);
  });

  test('an id of one kind of call is not that of another', async () => {
    const sent = { 'Nats-Msg-Id': randomUUID() };
    const { tasks } = (await ask('RunTask', { taskDefinition: 'web' }, sent)).json<{ tasks: { taskArn: string }[] }>();
    const stopped = await ask('StopTask', { task: tasks[0]?.taskArn }, sent);
    expect(stopped.json()).toMatchObject({ task: { taskArn: tasks[0]?.taskArn, desiredStatus: 'STOPPED' } });
  });

  test.each(['Nats-Msg-Id', 'Nats-Correlation-Id'])('is refused when its %s cannot be recorded', async (name) => {
    const response = await ask('RunTask', { taskDefinition: 'web' }, { [name]: 'x'.repeat(129) });
    expect(response.headers?.get('Nats-Service-Error')).toMatch(/^InvalidParameterException: Nats-/);
  });
});

/** What a client of CloudEvents reads: the binding to NATS has the headers of the one to HTTP but for the content type. */
function cloudEventOf({ headers, data }: Msg): CloudEvent {
  const read = Object.fromEntries((headers?.keys() ?? []).map((name) => [name, headers?.get(name) ?? '']));
  const event = HTTP.toEvent({
    headers: { ...read, 'content-type': read['ce-datacontenttype'] },
    body: Buffer.from(data).toString(),
  });
  if (!(event instanceof CloudEvent) || !event.validate()) throw new Error('not one CloudEvent');
  return event;
}

describe('a trace', () => {
  test('of the caller goes on in the events, beside its correlation and message ids', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const id = randomUUID();
    const subscription = root.subscribe(events.fact(ACCOUNT, 'ecs', 'task-state-change', 'default'));
    const sent = {
      'Nats-Msg-Id': id,
      'Nats-Correlation-Id': 'order-42',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    };
    await ask('RunTask', { taskDefinition: 'web' }, sent);
    for await (const message of subscription) {
      const event = cloudEventOf(message);
      if (event['causationid'] !== id) continue;
      expect(event).toMatchObject({ correlationid: 'order-42', data: message.json() });
      expect(String(event['traceparent']).split('-')[1]).toBe(traceId);
      break;
    }
  });

  test('alone is the correlation; one that is not valid is ignored', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const wrong = `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`;
    const subscription = root.subscribe(events.fact(ACCOUNT, 'ecs', 'task-state-change', 'default'));
    await ask('RunTask', { taskDefinition: 'web' }, { 'Nats-Msg-Id': 'a', traceparent: wrong });
    await ask(
      'RunTask',
      { taskDefinition: 'web' },
      { 'Nats-Msg-Id': 'b', traceparent: `00-${traceId}-00f067aa0ba902b7-00` },
    );
    const correlations: Record<string, string> = {};
    for await (const message of subscription) {
      const { causationid, correlationid } = cloudEventOf(message);
      correlations[String(causationid)] = String(correlationid);
      if (causationid === 'b') break;
    }
    expect(correlations['a']).toMatch(/^[0-9a-f-]{36}$/);
    expect(correlations['b']).toBe(traceId);
  });
});

test('a late subscriber finds the events of before in their stream', async () => {
  const id = randomUUID();
  await ask('RunTask', { taskDefinition: 'web' }, { 'Nats-Msg-Id': id });
  const follower = await nats.connect('follower');
  const stream = jetstream(follower, { domain: eventStream.domain });
  const consumer = await stream.consumers.get(eventStream.name, {
    filter_subjects: events.fact(ACCOUNT, 'ecs', 'task-state-change', 'default'),
  });
  for await (const message of await consumer.consume()) {
    if (message.headers?.get('ce-causationid') !== id) continue;
    expect(message.json()).toMatchObject({ 'detail-type': 'ECS Task State Change', id: message.headers.get('ce-id') });
    break;
  }
});

test('a response that is larger than a NATS message is an error that says what to do', async () => {
  const tags = Array.from({ length: 50 }, (_, i) => ({ key: `${i}`, value: 'x'.repeat(256) }));
  const tasks: string[] = [];
  for (let i = 0; i < 10; i++) {
    const run = await ask('RunTask', { taskDefinition: 'web', count: 10, tags });
    for (const { taskArn } of run.json<{ tasks: { taskArn: string }[] }>().tasks) tasks.push(taskArn);
  }
  const response = await ask('DescribeTasks', { tasks, include: ['TAGS'] });
  expect(response.headers?.get('Nats-Service-Error-Code')).toBe('413');
  expect(response.headers?.get('Nats-Service-Error')).toMatch(/^ResponseTooLargeException: .* ask for less/);
  const some = await ask('DescribeTasks', { tasks: tasks.slice(0, 50), include: ['TAGS'] });
  expect(some.json<{ tasks: object[] }>().tasks).toHaveLength(50);
});
