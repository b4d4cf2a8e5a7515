import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { connectNats } from './connect.ts';
import { credentialsOf, readNatsCredentials } from './credentials.ts';
import { findNatsServer, NatsServerMissing } from './find-server.ts';
import { agentUser, controlPlaneUser, rootUser } from './permissions.ts';
import { pollUntil } from '../poll-until.ts';
import { processStart } from './process-table.ts';
import { NatsHomeInUse, publishNatsServerState, readNatsServerState } from './server-claim.ts';
import { writeNatsServerConfig } from './server-config.ts';
import { spawnNatsServer } from './server-process.ts';
import { startNatsServer, type SupervisedNatsServer } from './start-server.ts';

jest.setTimeout(30_000);

const users = [controlPlaneUser(), rootUser()];
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

  test('takes other users without a restart: connections go on, those of a user that is gone end', async () => {
    const server = await start();
    const [staying, leaving] = [await connectAs(server, 'control-plane'), await connectAs(server, 'root')];
    let interruptions = 0;
    const watched = (async (): Promise<void> => {
      for await (const { type } of staying.status()) if (type === 'disconnect') interruptions += 1;
    })();
    const { pid } = server;
    const ended = leaving.closed();
    await server.setUsers([controlPlaneUser(), agentUser('default', 'new')]);
    const nc = await pollUntil('the new user is let in', 20_000, () =>
      connectAs(server, 'agent-new').catch(() => null),
    );
    await ended;
    await staying.flush();
    expect(interruptions).toBe(0);
    expect(server.pid).toBe(pid);
    await Promise.all([nc.close(), staying.close(), watched]);
    await expect(connectNats({ name: 'old', url: server.url, user: 'root', password: 'x' })).rejects.toThrow(
      /Authorization/,
    );
  });

  test('listens where it is told to, encrypted with a certificate of one’s own', async () => {
    const [certFile, keyFile] = [join(home, 'cert.pem'), join(home, 'key.pem')];
    const subject = ['-subj', '/CN=waybill', '-addext', 'subjectAltName=IP:127.0.0.2'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
    await promisify(execFile)('openssl', ['req', '-x509', '-days', '2', ...subject, ...key, '-out', certFile]);
    const { path: binary } = await findNatsServer(process.env);
    const tls = { certFile, keyFile, caFile: certFile };
    const server = await startNatsServer({ binary, home, users, host: '127.0.0.2', tls });
    servers.push(server);
    expect(server.url).toMatch(/^tls:\/\/127\.0\.0\.2:\d+$/);
    const { user, password } = credentialsOf(server.credentials, 'root');
    const nc = await connectNats({ name: 'test', url: server.url, user, password, caFile: certFile });
    expect(nc.info?.tls_required).toBe(true);
    await nc.close();
    await expect(connectNats({ name: 'test', url: server.url, user, password })).rejects.toThrow(/certificate/);
    expect(await readNatsServerState(home)).toMatchObject({ host: '127.0.0.2', caFile: certFile });
  });

  test('refuses a home whose owner lives', async () => {
    await start();
    await expect(start()).rejects.toThrow(NatsHomeInUse);
  });

  test('stops a server that a killed owner left behind', async () => {
    const { path } = await findNatsServer(process.env);
    await writeNatsServerConfig({ home, port: 0, monitorPort: 0, users, host: null, tls: null, syncAlways: true });
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
