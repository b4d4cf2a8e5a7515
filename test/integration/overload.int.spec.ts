import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { commands } from '#libs/subjects';
import { credentialsOf, principalUser, readRootAccessKey } from '#libs/platform';
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

async function flood(over: 'nats' | 'http'): Promise<ChildProcess> {
  const { user, password, inboxPrefix } = credentialsOf(nats.credentials, 'flood');
  const key = await readRootAccessKey(controlPlane.home);
  const child = spawn(process.execPath, [path.join('test', 'integration', 'support', 'flood.mjs')], {
    env: {
      PATH: process.env['PATH'],
      FLOOD_OVER: over,
      NATS_URL: nats.url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_INBOX: inboxPrefix,
      PORT: String(controlPlane.port),
      ACCESS_KEY_ID: key.accessKeyId,
      SECRET_ACCESS_KEY: key.secretAccessKey,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It must not take the processor from those that are measured.
  if (child.pid !== undefined) setPriority(child.pid, 10);
  return child;
}

test.each(['nats', 'http'] as const)(
  'an overload over %s is throttled, and nobody else waits for a second',
  async (over) => {
    const child = await flood(over);
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await pause(1_000);
    const waits: Record<string, number[]> = {};
    let n = 0;
    const until = performance.now() + FLOOD_SECONDS * 1_000;
    const note = (what: string, ms: number): void => void (waits[what] ??= []).push(ms);
    while (performance.now() < until) {
      note(
        'TagResource',
        await call('TagResource', { resourceArn: CLUSTER, tags: [{ key: 'calm', value: `${n++}` }] }),
      );
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
      const ms = each.sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0;
      expect({ what, inTime: ms <= WAIT_MS_MAX, ms }).toMatchObject({ what, inTime: true });
    }
  },
);
