import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { ForkedControlPlane } from './support/forked-control-plane.ts';

// A frozen process loses its lease after three seconds.
jest.setTimeout(120_000);

let nats: TestNatsServer;
let first: ForkedControlPlane;
let second: ForkedControlPlane;

beforeAll(async () => {
  nats = await testNatsServer();
  [first, second] = [await ForkedControlPlane.on(nats), await ForkedControlPlane.on(nats)];
  await first.start();
});
afterAll(async () => {
  await first?.stop();
  await second?.stop();
  await nats?.stop();
});

describe('a control plane that was frozen while another one took over', () => {
  test('never calls itself the writer when it thaws', async () => {
    const starting = second.start();
    // It is up and waits for the lease.
    await second.answering;
    first.signal('SIGSTOP');
    await starting;
    expect(await second.readiness()).toMatchObject({ ready: true, writing: true });
    first.signal('SIGCONT');
    for (let look = 0; look < 40; look++) {
      const [thawed, leader] = await Promise.all([first.readiness(), second.readiness()]);
      expect(thawed).toMatchObject({ ready: false, writing: false });
      expect(leader).toMatchObject({ ready: true, writing: true });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});
