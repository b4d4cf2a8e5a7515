import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { seedOfRun } from './support/seed.ts';
import { Stand } from './support/stand.ts';
import { TokenLoad } from './support/token-load.ts';

jest.setTimeout(120_000);

const CRASHES = 3;
const LIFE_MS_MIN = 100;
const LIFE_MS_MAX = 1_200;

describe('a nats-server that is killed under load and comes back', () => {
  const { seed, between } = seedOfRun('nats-restart');
  let stand: Stand;
  beforeAll(async () => {
    stand = await Stand.start(seed);
  });
  afterAll(() => stand.stop());

  test('has lost nothing that was acknowledged', async () => {
    const load = new TokenLoad(stand.root);
    for (let crash = 0; crash < CRASHES; crash++) {
      await load.answers(5);
      await pause(between(LIFE_MS_MIN, LIFE_MS_MAX));
      const { pid } = stand.nats.server;
      stand.nats.server.signal('SIGKILL');
      while (stand.nats.server.pid === pid) await pause(5);
    }
    await load.answers(20);
    await load.stop();
    expect(load.retries).toBeGreaterThan(0);
    await stand.expectNothingLost(load);
  });
});
