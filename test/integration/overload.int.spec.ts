import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { commands } from '#libs/contracts';
import { credentialsOf, principalUser } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { ForkedControlPlane } from './support/forked-control-plane.ts';

/* One principal sends more than there is room for. It is throttled, and nobody else notices. */

jest.setTimeout(120_000);

const CLUSTER = 'arn:aws:ecs:us-east-1:000000000000:cluster/default';
const FLOOD_SECONDS = 8;
/** What another caller may have to wait. */
const WAIT_MS_MAX = 1_000;

let nats: TestNatsServer;
let controlPlane: ForkedControlPlane;
let calm: NatsConnection;

beforeAll(async () => {
  nats = await testNatsServer({ users: [principalUser('flood'), principalUser('calm')] });
  controlPlane = await ForkedControlPlane.on(nats);
  await controlPlane.start();
  calm = await nats.connect('calm');
});

afterAll(async () => {
  await controlPlane?.stop();
  await nats?.stop();
});

/** How long a call of the other principal took, which must succeed. */
async function call(operation: string, input: object): Promise<number> {
  const startedAt = performance.now();
  const subject = commands.request('calm', 'ecs', operation);
  const response = await calm.request(subject, JSON.stringify(input), { timeout: 20_000 });
  expect(response.headers?.get('Nats-Service-Error') ?? '').toBe('');
  return performance.now() - startedAt;
}

async function page(name: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`http://127.0.0.1:${controlPlane.port}/${name}`);
  await response.text();
  expect({ name, status: response.status }).toEqual({ name, status: 200 });
  return performance.now() - startedAt;
}

function flood(): ChildProcess {
  const { password, inboxPrefix } = credentialsOf(nats.credentials, 'flood');
  return spawn(process.execPath, [path.join('test', 'integration', 'support', 'flood.mjs')], {
    env: {
      PATH: process.env['PATH'],
      NATS_URL: nats.url,
      NATS_USER: 'flood',
      NATS_PASSWORD: password,
      NATS_INBOX: inboxPrefix,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('an overload is throttled, and other callers, health pages and metrics are served within a second', async () => {
  const child = flood();
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await pause(1_000);
  const waits: Record<string, number[]> = {};
  let n = 0;
  const until = performance.now() + FLOOD_SECONDS * 1_000;
  const note = (what: string, ms: number): void => void (waits[what] ??= []).push(ms);
  while (performance.now() < until) {
    note('TagResource', await call('TagResource', { resourceArn: CLUSTER, tags: [{ key: 'calm', value: `${n++}` }] }));
    note('ListClusters', await call('ListClusters', {}));
    for (const name of ['livez', 'readyz', 'metrics']) note(name, await page(name));
    await pause(50);
  }
  child.kill('SIGTERM');
  await once(child, 'exit');
  const outcomes = JSON.parse(printed) as Record<string, number>;
  expect(Object.keys(outcomes).sort()).toEqual(['ThrottlingException', 'ok']);
  for (const [what, each] of Object.entries(waits)) {
    // A machine that does other work now and then makes everybody wait.
    const ms = each.sort((a, b) => a - b)[Math.floor(each.length * 0.9)] ?? 0;
    expect({ what, inTime: ms <= WAIT_MS_MAX, ms }).toMatchObject({ what, inTime: true });
  }
});
