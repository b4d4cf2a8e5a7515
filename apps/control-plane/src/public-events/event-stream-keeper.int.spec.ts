import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EventStreamLimits } from '#libs/event-store-jetstream';
import { eventStream } from '#libs/subjects';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { pino } from 'pino';
import { holds } from '../../spec/test-control-plane.ts';
import { keepEventStream } from './event-stream-keeper.ts';

jest.setTimeout(60_000);

const MEBIBYTE = 1_048_576;
const LIMITS: EventStreamLimits = { storage: 'memory', ageSecondsMax: 3_600, bytesMax: 2 * MEBIBYTE };

let nats: TestNatsServer;
let follower: NatsConnection;

beforeAll(async () => {
  nats = await testNatsServer();
  follower = await nats.connect('follower');
});
afterAll(() => nats.stop());

async function bytesMaxOfStream(): Promise<number | undefined> {
  const info = await follower.request(eventStream.api(`STREAM.INFO.${eventStream.name}`));
  return info.json<{ config?: { max_bytes: number } }>().config?.max_bytes;
}

test('the stream of events is made, takes other limits, and is made again by a nats-server that has forgotten it', async () => {
  const log = pino({ level: 'silent' });
  await keepEventStream(await nats.connect(), LIMITS, log);
  expect(await bytesMaxOfStream()).toBe(LIMITS.bytesMax);
  const own = await nats.connect();
  await keepEventStream(own, { ...LIMITS, bytesMax: 3 * MEBIBYTE }, log);
  expect(await bytesMaxOfStream()).toBe(3 * MEBIBYTE);

  nats.server.signal('SIGKILL');
  await holds(async () => (await bytesMaxOfStream().catch(() => undefined)) !== undefined);
});
