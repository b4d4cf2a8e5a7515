import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { seedOfRun } from './support/seed.ts';
import { Stand } from './support/stand.ts';
import { TokenLoad } from './support/token-load.ts';

jest.setTimeout(120_000);

const CRASHES = 3;
const LIFE_MS_MIN = 100;
const LIFE_MS_MAX = 1_200;
/** Within this time a process opens its journal, and with luck its shards. */
const START_MS_MAX = 2_500;

describe('a control plane that is killed at any moment', () => {
  const { seed, between } = seedOfRun('writer-crash');
  let stand: Stand;
  beforeAll(async () => {
    stand = await Stand.start(seed);
  });
  afterAll(() => stand.stop());

  test('has every accepted task once, gives a token the same tasks, and its log folds to its state', async () => {
    const load = new TokenLoad(stand.root);
    for (let crash = 0; crash < CRASHES; crash++) {
      await load.answers(1);
      await pause(between(LIFE_MS_MIN, LIFE_MS_MAX));
      await stand.controlPlane.kill();
      if (crash === 1) {
        // A second blow while it is coming back.
        stand.controlPlane.spawn();
        await pause(between(0, START_MS_MAX));
        await stand.controlPlane.kill();
      }
      await stand.controlPlane.start();
    }
    await load.answers(20);
    await load.stop();
    expect(load.retries).toBeGreaterThan(0);
    await stand.expectNothingLost(load);
  });
});
