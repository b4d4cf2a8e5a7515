import { ListClustersCommand, ListContainerInstancesCommand } from '@aws-sdk/client-ecs';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { agents, audit, commands, events, eventStream, inboxes, journal, metrics, shards } from '#libs/subjects';
import type { ForeignMessage } from '#libs/event-store';
import { openAuditLog } from '#libs/event-store-jetstream';
import { agentUser, controlPlaneUser, gatewayUser, principalUser } from '#libs/platform';
import type { NatsAccount, NatsUser } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { holds, testControlPlane } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

/*
 * A server publishes its response wherever the caller's reply subject says, with the server's own permissions. Each client
 * attacks with every subject that the control plane may write, and those that it listens on, as the reply subject of each
 * request that the client may send, and as the deliver subject of a consumer.
 */

jest.setTimeout(120_000);

const ACCOUNT = '000000000000';
const SHARD = `ecs.${ACCOUNT}.default`;

/** Hears everything of an account, so that what was published anywhere is seen. */
const spy = (account: NatsAccount): NatsUser => ({
  name: `spy-${account}`,
  account,
  inboxPrefix: '_INBOX_spy',
  permissions: { publish: { allow: ['none'], deny: [] }, subscribe: { allow: ['>'], deny: [] } },
});

/** Subjects of which the control plane itself uses none, so that whatever is heard there came from an attack. */
const NEVER_USED: readonly string[] = [
  journal.shard('x'),
  journal.shard(`ecs.${ACCOUNT}.attacked`),
  shards.command(`ecs.${ACCOUNT}.attacked`),
  agents.assign('default', 'victim'),
  events.fact(ACCOUNT, 'attack', 'x', 'default'),
  events.structured(events.fact(ACCOUNT, 'attack', 'x', 'default')),
  '$KV.WAYBILL_LEASES.attack',
  '$KV.WAYBILL_CURSORS.attack',
  `${inboxes.controlPlane}.attack`,
  `${inboxes.gateway}.attack`,
  commands.request('victim', 'ecs', 'CreateCluster'),
  agents.session('default', 'victim'),
  agents.report('default', 'victim'),
  metrics.instance('default', 'victim'),
];
/** Inboxes of other clients: the reply subject of a request must be in the sender's own. */
const OTHER_INBOXES = [inboxes.principal('victim'), inboxes.agent('victim')].map((prefix) => `${prefix}.attack`);
/** Subjects that are in use, where the effect shows: in the journal, in the lease, in what the control plane does. */
const IN_USE: readonly string[] = [
  journal.shard(`ecs.${ACCOUNT}`),
  journal.shard(SHARD),
  shards.command(`ecs.${ACCOUNT}`),
  shards.command(SHARD),
  `$KV.WAYBILL_LEASES.writer.${ACCOUNT}`,
  '$KV.WAYBILL_CURSORS.public-events',
  eventStream.create,
  eventStream.update,
  ...controlPlaneUser()
    .permissions.publish.allow.filter((pattern) => pattern.startsWith('$JS.'))
    .map((pattern) => pattern.replace('>', 'WAYBILL')),
];

/** What each client may send, with bodies that have an effect if they are served. */
const REQUESTS: Readonly<Record<string, readonly (readonly [subject: string, body: string])[]>> = {
  root: principalRequests('root'),
  deployer: principalRequests('deployer'),
  'agent-i1': [
    [agents.session('default', 'i1'), sessionRequest()],
    [agents.report('default', 'i1'), '{"sessionId":"attacker-session","reports":[]}'],
    [agents.heartbeat('default', 'i1'), '{"sessionId":"attacker-session","version":0}'],
  ],
  auditor: Object.values(audit).map((subject) => [subject, '{"seq":1}'] as const),
  follower: [
    [eventStream.api('INFO'), ''],
    [eventStream.api(`STREAM.INFO.${eventStream.name}`), ''],
    [eventStream.api(`CONSUMER.MSG.NEXT.${eventStream.name}.pulled`), '10'],
  ],
};

function principalRequests(principal: string): readonly (readonly [string, string])[] {
  return [
    [commands.request(principal, 'ecs', 'CreateCluster'), `{"clusterName":"attacked-by-${principal}"}`],
    [commands.request(principal, 'ecs', 'ListClusters'), '{}'],
    [commands.request(principal, 'audit', 'GetStatus'), '{}'],
    ['$SRV.PING', ''],
    ['$SRV.INFO.waybill-ecs', ''],
    ['$SRV.STATS', ''],
  ];
}

function sessionRequest(): string {
  return JSON.stringify({
    sessionId: 'attacker-session',
    resources: { cpu: 1, memory: 1, reservedTcpPorts: [], reservedUdpPorts: [] },
    attributes: [],
    versionInfo: { agentVersion: '0', dockerVersion: '0' },
    hostname: 'attacker',
  });
}

let nats: TestNatsServer;
let controlPlane: TestControlPlane;
let attacker: Record<string, NatsConnection>;
let control: NatsConnection;
const heard = new Set<string>();

beforeAll(async () => {
  const users = [agentUser('default', 'i1'), principalUser('deployer'), spy('WAYBILL'), spy('CLIENTS'), spy('EVENTS')];
  nats = await testNatsServer({ users });
  controlPlane = await testControlPlane(nats);
  await holds(() => controlPlane.isReady());
  control = await nats.connect('control-plane');
  attacker = {};
  for (const name of Object.keys(REQUESTS)) attacker[name] = await nats.connect(name);
  // Not in AUDIT and FOLLOWERS: their users are alone there, and their responses may go where they like.
  for (const account of ['WAYBILL', 'CLIENTS', 'EVENTS']) {
    const nc = await nats.connect(`spy-${account}`);
    nc.subscribe('>', { callback: (_error, { subject }) => void heard.add(subject) });
    await nc.flush();
  }
});

afterAll(async () => {
  await controlPlane?.stop();
  await nats?.stop();
});

async function refused(): Promise<number> {
  const text = await (await fetch(`${controlPlane.endpoint}/metrics`)).text();
  const counts = [...text.matchAll(/^waybill_refused_reply_subjects_total\{[^}]*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Auditors and followers send to JetStream alone: the control plane has nothing to refuse. */
const isServed = (name: string): boolean => name !== 'auditor' && name !== 'follower';

/** Nothing of the record, of the leases or of the cluster has changed, and no foreign message is in the journal. */
async function expectNothingDone(): Promise<void> {
  const foreign: ForeignMessage[] = [];
  const log = await openAuditLog(await nats.connect('auditor'), { onForeign: (message) => foreign.push(message) });
  for await (const batch of log.read(null, 0)) expect(batch.length).toBeGreaterThan(0);
  expect(foreign).toEqual([]);
  expect(await log.shards()).toEqual([SHARD]);
  const query = '{"last_by_subj":"$KV.WAYBILL_LEASES.>"}';
  const lease = await control.request('$JS.API.STREAM.MSG.GET.KV_WAYBILL_LEASES', query, { timeout: 10_000 });
  const { message } = lease.json<{ message: { subject: string; data: string } }>();
  expect(message.subject).toBe(`$KV.WAYBILL_LEASES.writer.${ACCOUNT}`);
  expect(Buffer.from(message.data, 'base64').toString()).toMatch(/^[0-9a-f-]{36}$/);
  const consumers = await control.request('$JS.API.CONSUMER.LIST.WAYBILL', '{}');
  expect(consumers.string()).not.toContain('deliver_subject');
  const { clusterArns } = await controlPlane.ecs.send(new ListClustersCommand({}));
  expect(clusterArns?.map((arn) => arn.split('/')[1])).toEqual(['default']);
  const { containerInstanceArns } = await controlPlane.ecs.send(new ListContainerInstancesCommand({}));
  expect(containerInstanceArns).toEqual([]);
  expect(await controlPlane.isReady()).toBe(true);
}

describe.each(Object.entries(REQUESTS))('%s', (name, requests) => {
  test('cannot make anybody write to a subject of the control plane, nor have a request served by it', async () => {
    const nc = attacker[name];
    if (nc === undefined) throw new Error(name);
    const before = await refused();
    let toCount = 0;
    for (const [subject, body] of requests) {
      const targets = [...NEVER_USED, ...IN_USE, ...(subject.startsWith('$SRV.') ? [] : OTHER_INBOXES)];
      for (const reply of targets) nc.publish(subject, body, { reply });
      // No reply subject at all: nobody could be told what became of it, and JetStream sends such messages.
      if (!subject.startsWith('$SRV.') && !subject.endsWith('.heartbeat')) nc.publish(subject, body);
      toCount += targets.length;
    }
    await nc.flush();
    if (isServed(name)) await holds(async () => (await refused()) >= before + toCount);
    await control.flush();
    expect([...NEVER_USED, ...OTHER_INBOXES].filter((subject) => heard.has(subject))).toEqual([]);
    await expectNothingDone();
  });

  test('cannot have a consumer deliver or respond to a subject of the control plane', async () => {
    const nc = attacker[name];
    if (nc === undefined) throw new Error(name);
    for (const deliver_subject of [...NEVER_USED, ...OTHER_INBOXES, ...IN_USE]) {
      const config = { deliver_subject, deliver_policy: 'all', ack_policy: 'none' };
      const body = JSON.stringify({ stream_name: 'WAYBILL', config });
      for (const stream of ['WAYBILL', 'KV_WAYBILL_LEASES']) {
        nc.publish(`$JS.API.CONSUMER.CREATE.${stream}`, body);
        nc.publish(`$JS.API.CONSUMER.CREATE.${stream}.attack`, body);
        nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.attack`, '', { reply: deliver_subject });
      }
    }
    await nc.flush();
    await control.flush();
    expect([...NEVER_USED, ...OTHER_INBOXES].filter((subject) => heard.has(subject))).toEqual([]);
    await expectNothingDone();
  });
});

test('a follower can have the stream of events changed by nobody, wherever its consumers deliver', async () => {
  const nc = attacker['follower'];
  if (nc === undefined) throw new Error('follower');
  const { name: stream, api } = eventStream;
  const ask = async (request: string, body: object = {}): Promise<{ error?: { err_code: number } }> =>
    (await nc.request(api(request), JSON.stringify(body), { timeout: 5_000 })).json();
  await ask(`CONSUMER.CREATE.${stream}.pulled`, consumer({ durable_name: 'pulled', ack_policy: 'none' }));
  const toStream = await ask(
    `CONSUMER.CREATE.${stream}.cycle`,
    consumer({ deliver_subject: events.fact('1', 'x', 'x', 'x') }),
  );
  expect(toStream.error?.err_code).toBe(10_081);
  const destroying = [`STREAM.DELETE.${stream}`, `STREAM.PURGE.${stream}`, `CONSUMER.DELETE.${stream}.pulled`];
  for (const [index, request] of destroying.entries()) {
    await ask(`CONSUMER.CREATE.${stream}.push${index}`, consumer({ deliver_subject: `$JS.API.${request}` }));
  }
  for (const subject of NEVER_USED) {
    nc.publish(api(`CONSUMER.MSG.NEXT.${stream}.pulled`), '10', { reply: subject });
    nc.publish(subject, '{}');
    nc.publish(`$JS.API.STREAM.DELETE.${stream}`, '');
  }
  await nc.flush();
  await control.flush();
  const info = await ask(`STREAM.INFO.${stream}`, { subjects_filter: '>' });
  expect(info).toMatchObject({ config: { name: stream, deny_purge: true }, state: { consumer_count: 4 } });
  expect(JSON.stringify(info)).not.toContain('attack');
  expect(NEVER_USED.filter((subject) => heard.has(subject))).toEqual([]);
});

function consumer(config: object): object {
  return { stream_name: eventStream.name, config: { deliver_policy: 'all', ack_policy: 'none', ...config } };
}

test('the spies hear what is published', async () => {
  const inUse = [`$KV.WAYBILL_LEASES.writer.${ACCOUNT}`, commands.request('root', 'ecs', 'ListClusters')];
  // The lease is renewed each second.
  await holds(async () => inUse.every((subject) => heard.has(subject)));
});

test('what the control plane may write was attacked: a new subject belongs into this test', () => {
  const attacked = [...NEVER_USED, ...OTHER_INBOXES, ...IN_USE, `${inboxes.principal('root')}.x`];
  const covers = (pattern: string): boolean => {
    const regex = new RegExp(`^${pattern.replaceAll(/[.$]/g, '\\$&').replaceAll('*', '[^.]+').replace('>', '.+')}$`);
    return attacked.some((subject) => regex.test(subject));
  };
  const writable = [controlPlaneUser(), gatewayUser()].flatMap(({ permissions }) => permissions.publish.allow);
  expect(writable.filter((pattern) => !covers(pattern))).toEqual([]);
});
