import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { type TestNatsServer, testNatsServer } from '#libs/testing';
import { isAtLeast } from '#libs/kernel';
import { checkServer } from './check-server.ts';

let synced: TestNatsServer;
let unsynced: TestNatsServer;
let nc: NatsConnection;
let unsafe: NatsConnection;
beforeAll(async () => {
  [synced, unsynced] = await Promise.all([testNatsServer(), testNatsServer({ syncAlways: false })]);
  [nc, unsafe] = await Promise.all([synced.connect(), unsynced.connect()]);
});
afterAll(async () => {
  await Promise.all([synced.stop(), unsynced.stop()]);
});

/** The lines of one check. */
async function check(connection: NatsConnection, monitorUrl: string, allowUnsafeLog = false): Promise<string[]> {
  const lines: string[] = [];
  await checkServer(connection, { monitorUrls: [monitorUrl], allowUnsafeLog, log: (line) => lines.push(line) });
  return lines;
}

describe('checkServer', () => {
  test('accepts a server that syncs every write, with one line at most', async () => {
    const lines = await check(nc, synced.monitorUrl);
    const old = !isAtLeast(nc.info?.version ?? '', '2.12.7');
    expect(lines).toEqual(old ? [expect.stringMatching(/^nats-server \S+ is older than 2\.12\.7/)] : []);
  });

  test('refuses one that does not, in one line, unless told otherwise', async () => {
    await expect(check(unsafe, unsynced.monitorUrl)).rejects.toThrow(
      /^nats-server waybill does not sync every write; set .*always.*$/,
    );
    const lines = await check(unsafe, unsynced.monitorUrl, true);
    expect(lines[0]).toMatch(/^unsafe log allowed: .* a power cut can take commits that were acknowledged$/);
  });

  test('refuses the page of another server', async () => {
    await expect(check(unsafe, synced.monitorUrl)).rejects.toThrow(/monitoring page of another nats-server/);
  });

  test('refuses when nobody can tell', async () => {
    await expect(check(nc, 'http://127.0.0.1:1')).rejects.toThrow(/cannot see whether .* does not answer/);
    await expect(checkServer(nc)).rejects.toThrow(/cannot see whether|another nats-server/);
  });

  test('refuses a page that is not a monitoring page', async () => {
    const page: Server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(page, 'listening');
    const { port } = page.address() as AddressInfo;
    await expect(check(nc, `http://127.0.0.1:${port}`)).rejects.toThrow(/cannot see whether/);
    page.close();
  });
});
