import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { agents, audit, commands, events, eventStream, hosts, journal, metrics, shards } from '#libs/subjects';
import { connectNats } from './connect.ts';
import { credentialsOf } from './credentials.ts';
import { findNatsServer } from './find-server.ts';
import {
  agentUser,
  auditorUser,
  controlPlaneUser,
  followerUser,
  gatewayUser,
  hostDeskUser,
  joinedUser,
  joiningUser,
  principalUser,
  rootUser,
} from './permissions.ts';
import { startNatsServer, type SupervisedNatsServer } from './start-server.ts';

const users = [
  controlPlaneUser(),
  gatewayUser(),
  rootUser(),
  auditorUser(),
  followerUser(),
  agentUser('default', 'i1'),
  principalUser('deployer'),
  hostDeskUser(),
  joiningUser('i2'),
  joinedUser('i1'),
];
/** Everyone but the control plane's own side. */
const clients = users.slice(1).map(({ name }) => name);
const denied = /Permissions Violation|no responders|TIMEOUT|timeout/i;

let home: string;
let server: SupervisedNatsServer;
const open: NatsConnection[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-permissions-'));
  const { path: binary } = await findNatsServer(process.env);
  server = await startNatsServer({ binary, home, users });
  const control = await connectAs('control-plane');
  const config = { name: 'WAYBILL', subjects: [journal.all], storage: 'file', deny_delete: true, deny_purge: true };
  await control.request('$JS.API.STREAM.CREATE.WAYBILL', JSON.stringify({ ...config, allow_direct: true }));
  await control.request(journal.shard('ecs.1'), 'a commit');
  await control.close();
});
afterEach(async () => await Promise.all(open.splice(0).map((nc) => nc.close())));
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

async function connectAs(name: string): Promise<NatsConnection> {
  const { user, password, inboxPrefix } = credentialsOf(server.credentials, name);
  const nc = await connectNats({ name, url: server.url, user, password, inboxPrefix });
  open.push(nc);
  return nc;
}

/** Whether the server lets a user listen there. */
async function subscribes(nc: NatsConnection, subject: string): Promise<boolean> {
  let refused = false;
  const subscription = nc.subscribe(subject, {
    callback: (error) => {
      refused ||= error !== null;
    },
  });
  // The server answers in order: a refusal comes before the pong.
  await nc.flush();
  subscription.unsubscribe();
  return !refused;
}

describe('permissions', () => {
  test('an agent reaches its own subjects and no others', async () => {
    const gateway = await connectAs('control-plane-gateway');
    const agent = await connectAs('agent-i1');
    gateway.subscribe(agents.every('session'), { callback: (_error, message) => void message.respond('wanted') });
    await gateway.flush();
    expect((await agent.request(agents.session('default', 'i1'), '{}')).string()).toBe('wanted');
    await expect(agent.request(agents.session('default', 'i2'), '{}')).rejects.toThrow(denied);
    await expect(subscribes(agent, agents.assign('default', 'i2'))).resolves.toBe(false);
    await expect(subscribes(agent, '_INBOX_agent.i2.>')).resolves.toBe(false);
    await expect(subscribes(agent, agents.assign('default', 'i1'))).resolves.toBe(true);
  });

  test('a join token may ask to join, one that has joined to leave, and both hear the desk alone', async () => {
    const desk = await connectAs('host-desk');
    const [joining, joined] = [await connectAs('join-i2'), await connectAs('host-i1')];
    for (const subject of [hosts.everyJoin, hosts.everyLeave, hosts.everyClock]) {
      desk.subscribe(subject, {
        callback: (_error, message) => void message.respond(hosts.instanceOf(message.subject)),
      });
    }
    await desk.flush();
    expect((await joining.request(hosts.join('i2'), '{}')).string()).toBe('i2');
    expect((await joined.request(hosts.leave('i1'), '{}')).string()).toBe('i1');
    expect((await joined.request(hosts.clock('i1'), '{}')).string()).toBe('i1');
    await expect(joining.request(hosts.join('i1'), '{}')).rejects.toThrow(denied);
    await expect(joining.request(hosts.leave('i2'), '{}')).rejects.toThrow(denied);
    await expect(joining.request(agents.session('default', 'i2'), '{}')).rejects.toThrow(denied);
    await expect(joined.request(hosts.join('i1'), '{}')).rejects.toThrow(denied);
    await expect(subscribes(joining, '_INBOX_hosts.i1.>')).resolves.toBe(false);
    await expect(subscribes(joining, hosts.everyJoin)).resolves.toBe(false);
  });

  test('a principal speaks in its own name only', async () => {
    const gateway = await connectAs('control-plane-gateway');
    const deployer = await connectAs('deployer');
    gateway.subscribe(commands.endpoint('ecs', 'RunTask'), {
      callback: (_error, message) => void message.respond(commands.principalOf(message.subject)),
    });
    await gateway.flush();
    expect((await deployer.request(commands.request('deployer', 'ecs', 'RunTask'), '{}')).string()).toBe('deployer');
    await expect(deployer.request(commands.request('root', 'ecs', 'RunTask'), '{}')).rejects.toThrow(denied);
    await expect(subscribes(deployer, events.all('1'))).resolves.toBe(true);
    await expect(subscribes(deployer, 'waybill.events.>')).resolves.toBe(true);
    await expect(subscribes(deployer, journal.all)).resolves.toBe(false);
  });

  test('events and directives reach clients, who cannot send any', async () => {
    const control = await connectAs('control-plane');
    const [agent, root] = [await connectAs('agent-i1'), await connectAs('root')];
    const heard: string[] = [];
    const listen = (nc: NatsConnection, subject: string): void => {
      nc.subscribe(subject, { callback: (_error, message) => void heard.push(`${nc === root} ${message.string()}`) });
    };
    listen(agent, agents.assign('default', 'i1'));
    listen(root, events.all('1'));
    await Promise.all([agent.flush(), root.flush()]);
    control.publish(agents.assign('default', 'i1'), 'directive');
    control.publish(events.fact('1', 'ecs', 'x', 'default'), 'event');
    for (const nc of [agent, root]) {
      nc.publish(agents.assign('default', 'i1'), 'forged');
      nc.publish(events.fact('1', 'ecs', 'x', 'default'), 'forged');
      await nc.flush();
    }
    await control.flush();
    await Promise.all([agent.flush(), root.flush()]);
    expect(heard.sort()).toEqual(['false directive', 'true event']);
  });

  test('measurements go from each agent, under its own name, to principals, and from nobody else', async () => {
    const [agent, root, deployer] = [await connectAs('agent-i1'), await connectAs('root'), await connectAs('deployer')];
    const heard: string[] = [];
    for (const nc of [root, deployer]) {
      nc.subscribe(metrics.every, { callback: (_error, message) => void heard.push(message.string()) });
      await nc.flush();
    }
    agent.publish(metrics.instance('default', 'i1'), 'measured');
    agent.publish(metrics.instance('default', 'i2'), 'forged');
    agent.publish(metrics.instance('other', 'i1'), 'forged');
    for (const name of clients.filter((client) => client !== 'agent-i1')) {
      const nc = await connectAs(name);
      nc.publish(metrics.instance('default', 'i1'), 'forged');
      await nc.flush();
    }
    await agent.flush();
    await Promise.all([root.flush(), deployer.flush()]);
    expect(heard).toEqual(['measured', 'measured']);
    for (const name of ['agent-i1', 'auditor', 'follower']) {
      await expect(subscribes(await connectAs(name), metrics.every)).resolves.toBe(false);
    }
  });

  test('a follower reads what was published before it came, and where it left off', async () => {
    const control = await connectAs('control-plane');
    const config = { name: eventStream.name, subjects: [events.every], storage: 'memory' };
    await control.request(eventStream.create, JSON.stringify(config));
    for (const body of ['1', '2', '3']) control.publish(events.fact('1', 'ecs', 'x', 'default'), body);
    await control.flush();
    const read = async (): Promise<string> => {
      const js = jetstream(await connectAs('follower'), { domain: eventStream.domain });
      const message = await (await js.consumers.get(eventStream.name, 'billing')).next({ expires: 5_000 });
      expect(await message?.ackAck()).toBe(true);
      return message?.string() ?? 'nothing';
    };
    const manager = await jetstreamManager(await connectAs('follower'), { domain: eventStream.domain });
    await manager.consumers.add(eventStream.name, { durable_name: 'billing', ack_policy: 'explicit' });
    expect([await read(), await read(), await read()]).toEqual(['1', '2', '3']);
    await expect(manager.streams.delete(eventStream.name)).rejects.toThrow(denied);
  });

  test.each(clients)('%s reaches nothing of the journal’s account', async (name) => {
    const nc = await connectAs(name);
    const subjects = [
      journal.shard('ecs.1'),
      shards.command('ecs.1'),
      '$KV.WAYBILL_LEASES.writer.1',
      '$JS.API.INFO',
      '$JS.API.STREAM.INFO.WAYBILL',
      '$JS.API.STREAM.CREATE.OTHER',
      '$JS.API.CONSUMER.CREATE.WAYBILL',
      '$JS.API.CONSUMER.CREATE.WAYBILL.x',
      '$JS.API.CONSUMER.DURABLE.CREATE.WAYBILL.x',
      '$JS.API.CONSUMER.MSG.NEXT.WAYBILL.x',
    ];
    for (const subject of subjects) await expect(nc.request(subject, '{}')).rejects.toThrow(denied);
    for (const subject of ['>', journal.all, shards.everyCommand, '$KV.>', '_INBOX_control-plane.>']) {
      await expect(subscribes(nc, subject)).resolves.toBe(false);
    }
  });

  test.each(users.map(({ name }) => name))('%s can neither edit nor destroy the journal', async (name) => {
    const nc = await connectAs(name);
    for (const verb of ['UPDATE', 'DELETE', 'PURGE', 'MSG.DELETE', 'SNAPSHOT', 'RESTORE']) {
      await expect(nc.request(`$JS.API.STREAM.${verb}.WAYBILL`, '{}')).rejects.toThrow(denied);
    }
  });

  test('an auditor reads the journal, wherever it wants the responses: they stay in its account', async () => {
    const control = await connectAs('control-plane');
    const auditor = await connectAs('auditor');
    expect((await auditor.request(audit.info)).json()).toMatchObject({ state: { messages: 1 } });
    expect((await auditor.request(audit.message, '{"seq":1}')).json()).toMatchObject({ message: { seq: 1 } });
    expect((await auditor.request(audit.directMessage, '{"seq":1}')).string()).toBe('a commit');
    for (const reply of [journal.shard('x'), shards.command('ecs.1'), '$KV.WAYBILL_LEASES.writer.1']) {
      for (const subject of Object.values(audit)) auditor.publish(subject, '{"seq":1}', { reply });
    }
    await auditor.flush();
    // Both were answered by now: the server takes them in order.
    await auditor.request(audit.message, '{"seq":1}');
    const info = await control.request('$JS.API.STREAM.INFO.WAYBILL');
    expect(info.json()).toMatchObject({ state: { messages: 1, last_seq: 1 } });
  });
});
