import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { agents, commands, events, journal } from '#libs/contracts';
import { connectNats } from './connect.ts';
import { credentialsOf, readNatsCredentials } from './credentials.ts';
import { findNatsServer, NatsServerMissing } from './find-server.ts';
import { agentUser, controlPlaneUser, principalUser, rootUser } from './permissions.ts';
import { pollUntil, processStart } from './process-table.ts';
import { NatsHomeInUse, publishNatsServerState, readNatsServerState } from './server-claim.ts';
import { writeNatsServerConfig } from './server-config.ts';
import { spawnNatsServer } from './server-process.ts';
import { startNatsServer, type SupervisedNatsServer } from './start-server.ts';

const users = [controlPlaneUser(), rootUser(), agentUser('default', 'i1'), principalUser('deployer')];
let home: string;
let servers: SupervisedNatsServer[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-nats-'));
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(home, { recursive: true, force: true });
});

async function start(): Promise<SupervisedNatsServer> {
  const { path: binary } = await findNatsServer(process.env);
  const server = await startNatsServer({ binary, home, users });
  servers.push(server);
  return server;
}

async function connectAs(server: SupervisedNatsServer, name: string) {
  const { user, password, inboxPrefix } = credentialsOf(server.credentials, name);
  return await connectNats({ name, url: server.url, user, password, inboxPrefix });
}

describe('startNatsServer', () => {
  test('syncs every write, keeps secrets to its owner and its credentials over a restart', async () => {
    const first = await start();
    const varz = (await (await fetch(`${first.monitorUrl}/varz`)).json()) as { jetstream: { config: object } };
    expect(varz.jetstream.config).toMatchObject({ sync_always: true });
    for (const path of [join(home, 'credentials', 'nats.json'), join(home, 'nats', 'nats-server.conf')]) {
      expect((await stat(path)).mode & 0o077).toBe(0);
    }
    const before = await readNatsCredentials(home);
    await first.stop();
    const second = await start();
    expect(second.credentials).toEqual(before);
    expect((await readNatsServerState(home))?.url).toBe(second.url);
  });

  test('starts a server that died again, on the same ports', async () => {
    const server = await start();
    const nc = await connectAs(server, 'control-plane');
    const before = server.pid;
    server.signal('SIGKILL');
    await pollUntil('another pid', 20_000, async () =>
      server.pid !== null && server.pid !== before ? server.pid : null,
    );
    await nc.flush().catch(() => nc.flush());
    await nc.close();
  });

  test('refuses a home whose owner lives', async () => {
    await start();
    await expect(start()).rejects.toThrow(NatsHomeInUse);
  });

  test('stops a server that a killed owner left behind', async () => {
    const { path } = await findNatsServer(process.env);
    await writeNatsServerConfig({ home, port: 0, monitorPort: 0, users, syncAlways: true });
    const orphan = await spawnNatsServer(path, home);
    const owner = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(owner, 'exit');
    await publishNatsServerState(home, { ownerPid: owner.pid ?? 0, ownerStart: 'then' });
    expect(await readNatsServerState(home)).toBeNull();
    await start();
    expect(await processStart(orphan.pid)).toBeNull();
  });

  test('names the end of the log when the server does not start', async () => {
    await expect(startNatsServer({ binary: process.execPath, home, users })).rejects.toThrow(
      /nats-server ended while starting/,
    );
    expect(await readNatsServerState(home)).toBeNull();
  });
});

describe('permissions', () => {
  const denied = /Permissions Violation|no responders|TIMEOUT|timeout/i;

  test('an agent reaches its own subjects and no others', async () => {
    const server = await start();
    const control = await connectAs(server, 'control-plane');
    const agent = await connectAs(server, 'agent-i1');
    control.subscribe(agents.every('session'), { callback: (_error, message) => void message.respond('wanted') });
    await control.flush();
    expect((await agent.request(agents.session('default', 'i1'), '{}')).string()).toBe('wanted');
    await expect(agent.request(agents.session('default', 'i2'), '{}')).rejects.toThrow(denied);
    await expect(agent.request('$JS.API.INFO')).rejects.toThrow(denied);
    await expect(agent.request(journal.shard('ecs.1'), '{}')).rejects.toThrow(denied);
    await expect(subscribes(agent, agents.assign('default', 'i2'))).resolves.toBe(false);
    await expect(subscribes(agent, '_INBOX_agent.i2.>')).resolves.toBe(false);
    await expect(subscribes(agent, agents.assign('default', 'i1'))).resolves.toBe(true);
    await Promise.all([control.close(), agent.close()]);
  });

  test('a principal speaks in its own name only', async () => {
    const server = await start();
    const control = await connectAs(server, 'control-plane');
    const deployer = await connectAs(server, 'deployer');
    control.subscribe(commands.endpoint('ecs', 'RunTask'), {
      callback: (_error, message) => void message.respond(commands.principalOf(message.subject)),
    });
    await control.flush();
    expect((await deployer.request(commands.request('deployer', 'ecs', 'RunTask'), '{}')).string()).toBe('deployer');
    await expect(deployer.request(commands.request('root', 'ecs', 'RunTask'), '{}')).rejects.toThrow(denied);
    await expect(subscribes(deployer, events.all('1'))).resolves.toBe(true);
    await expect(subscribes(deployer, 'waybill.events.>')).resolves.toBe(true);
    await expect(subscribes(deployer, journal.all)).resolves.toBe(false);
    await Promise.all([control.close(), deployer.close()]);
  });

  test('nobody can edit or destroy the journal, and root can read it', async () => {
    const server = await start();
    const control = await connectAs(server, 'control-plane');
    const root = await connectAs(server, 'root');
    const config = { name: 'WAYBILL', subjects: [journal.all], storage: 'file', retention: 'limits' };
    await control.request('$JS.API.STREAM.CREATE.WAYBILL', JSON.stringify(config));
    for (const nc of [control, root]) {
      const info = await nc.request('$JS.API.STREAM.INFO.WAYBILL');
      expect(info.json()).toMatchObject({ config: { name: 'WAYBILL' } });
      for (const verb of ['UPDATE', 'DELETE', 'PURGE', 'MSG.DELETE', 'SNAPSHOT', 'RESTORE']) {
        await expect(nc.request(`$JS.API.STREAM.${verb}.WAYBILL`, '{}')).rejects.toThrow(denied);
      }
    }
    await expect(root.request('$JS.API.STREAM.CREATE.OTHER', '{}')).rejects.toThrow(denied);
    await expect(root.request(journal.shard('ecs.1'), '{}')).rejects.toThrow(denied);
    await Promise.all([control.close(), root.close()]);
  });
});

describe('findNatsServer', () => {
  test('says what to do when there is none, when it does not run, and when it is too old', async () => {
    await expect(findNatsServer({ PATH: '' })).rejects.toThrow(/no nats-server found.*npm start/);
    await expect(findNatsServer({ WAYBILL_NATS_SERVER: join(home, 'none') })).rejects.toThrow(
      /does not run here.*npm start/,
    );
    const old = join(home, 'old');
    await writeFile(old, '#!/bin/sh\necho nats-server: v2.9.10\n', { mode: 0o755 });
    await expect(findNatsServer({ WAYBILL_NATS_SERVER: old })).rejects.toThrow(/2\.9\.10.*cannot sync every write/);
    await expect(findNatsServer({ WAYBILL_NATS_SERVER: process.execPath })).rejects.toThrow(NatsServerMissing);
  });
});

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
