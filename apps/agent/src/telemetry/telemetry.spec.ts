import { expect, test } from '@jest/globals';
import type { MetricsMessage, TaskMetrics } from '#libs/agents/protocol';
import { Telemetry } from './telemetry.ts';

const TASK: TaskMetrics = {
  taskId: '0'.repeat(32),
  taskArn: 'arn:aws:ecs:us-east-1:000000000000:task/default/0',
  group: 'service:web',
  taskDefinitionFamily: 'web',
  taskDefinitionVersion: '1',
  containerMetrics: [],
};

/** Time that passes by hand; the wall clock can be set. */
class HandClock {
  wallOffset = 1_000_000;
  #now = 0;
  #due: (() => void) | null = null;

  wall(): number {
    return this.wallOffset + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(_delayMs: number, act: () => void): () => void {
    this.#due = act;
    return () => {
      this.#due = null;
    };
  }

  seconds(count: number): void {
    for (let second = 0; second < count; second++) {
      this.#now += 1000;
      this.#due?.();
    }
  }
}

/** Telemetry of 20 s, with what it has sent and how often it has sampled. */
function telemetryWith(tasks: () => readonly TaskMetrics[]) {
  const clock = new HandClock();
  const world = { clock, sent: [] as MetricsMessage[], samples: 0, isConnected: true };
  const telemetry = new Telemetry({
    cluster: 'default',
    instanceId: 'i1',
    cpus: 2,
    intervalMs: 20_000,
    sampler: { sample: () => void (world.samples += 1), take: tasks },
    send: (message) => {
      if (world.isConnected) world.sent.push(message);
      return world.isConnected;
    },
    clock,
  });
  telemetry.start();
  return { telemetry, world };
}

test('samples each second, and sends each interval', () => {
  const { telemetry, world } = telemetryWith(() => [TASK]);
  world.clock.seconds(19);
  expect(world).toMatchObject({ samples: 19, sent: [] });
  world.clock.seconds(21);
  expect(world.sent).toMatchObject([
    { startTime: 1_000_000, endTime: 1_020_000, cpus: 2, droppedMessages: 0, taskMetrics: [TASK] },
    { startTime: 1_020_000, endTime: 1_040_000 },
  ]);
  telemetry.stop();
  world.clock.seconds(20);
  expect(world.samples).toBe(40);
});

test('what cannot be sent is dropped and counted', () => {
  const { world } = telemetryWith(() => Array.from({ length: 11 }, () => TASK));
  world.isConnected = false;
  world.clock.seconds(20);
  world.isConnected = true;
  world.clock.seconds(20);
  expect(world.sent).toMatchObject([{ droppedMessages: 2, startTime: 1_020_000 }, { droppedMessages: 2 }]);
});

test('a clock that is set back makes no interval that ends before it begins', () => {
  const { world } = telemetryWith(() => [TASK]);
  world.clock.seconds(10);
  world.clock.wallOffset = 0;
  world.clock.seconds(10);
  expect(world.sent).toMatchObject([{ startTime: 1_000_000, endTime: 1_000_000 }]);
});

test('without tasks nothing is sent', () => {
  const { world } = telemetryWith(() => []);
  world.clock.seconds(100);
  expect(world.sent).toEqual([]);
});
