import { describe, expect, test } from '@jest/globals';
import type { CreateService } from '#libs/ecs/messages';
import { checkedDefinition, messagesIn, percents, ServiceWorld } from '../../spec/service-world.ts';

const CHECKED = { taskDefinition: checkedDefinition(1), tags: [] };

function healthyWorld(desiredCount: number, members: Partial<CreateService> = {}): ServiceWorld {
  const world = new ServiceWorld(2);
  world.create(desiredCount, { resolved: CHECKED, ...members });
  beHealthy(world);
  world.advance(2_000);
  expect(world.service.steady).toBe(true);
  return world;
}

function beHealthy(world: ServiceWorld): void {
  world.obey();
  for (const task of world.running) {
    if (task.healthStatus !== 'UNHEALTHY') world.reportHealth(task, 'HEALTHY');
  }
  world.obey();
}

describe('tasks with a health check', () => {
  test('count as healthy when it says so, not after a while', () => {
    const world = new ServiceWorld();
    world.create(2, { resolved: CHECKED });
    world.obey();
    world.advance(60_000);
    expect(world.service.steady).toBe(false);
    for (const task of world.running) world.reportHealth(task, 'HEALTHY');
    expect(world.service).toMatchObject({ steady: true, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('an unhealthy one is replaced first and stopped when the replacement is healthy', () => {
    const world = healthyWorld(2);
    const [ill] = world.running;
    world.reportHealth(ill!, 'UNHEALTHY');
    expect(world.pending).toHaveLength(1);
    expect(world.stopping).toEqual([]);
    expect(world.messages.at(-1)).toBe(
      'has started 1 tasks: (task ID). Amazon ECS replaced 1 tasks due to an unhealthy status.',
    );
    beHealthy(world);
    expect(ill).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'Task failed container health checks' });
    expect(messagesIn(world.events.slice(-12).map(({ event }) => event))).toContain(
      '(task ID) failed container health checks.',
    );
    expect(world.running).toHaveLength(2);
    expect(world.service.steady).toBe(true);
  });

  test('without room above they make way one by one', () => {
    const world = healthyWorld(3, percents(100, 100));
    const ill = [...world.running];
    for (const task of ill) world.reportHealth(task, 'UNHEALTHY');
    expect(world.stopping).toHaveLength(1);
    expect(world.pending).toHaveLength(1);
    for (let i = 0; i < 3; i++) beHealthy(world);
    expect(ill.every(({ lastStatus }) => lastStatus === 'STOPPED')).toBe(true);
    expect(world.running).toHaveLength(3);
    expect(world.service.steady).toBe(true);
  });

  test('one that recovers stays, and its replacement goes', () => {
    const world = healthyWorld(2);
    const [ill] = world.running;
    world.reportHealth(ill!, 'UNHEALTHY');
    world.reportHealth(ill!, 'HEALTHY');
    expect(world.live).toHaveLength(2);
    expect(world.live).toContain(ill);
  });

  test('a replacement that turns unhealthy itself ends one of them', () => {
    const world = healthyWorld(2);
    world.reportHealth(world.running[0]!, 'UNHEALTHY');
    world.obey();
    world.reportHealth(world.running.at(-1)!, 'UNHEALTHY');
    expect(world.live.length).toBeLessThanOrEqual(4);
    expect(world.stopping).toHaveLength(1);
  });

  test('bad health is overlooked during the grace period', () => {
    const world = new ServiceWorld();
    world.create(1, { resolved: CHECKED, healthCheckGracePeriodSeconds: 30 });
    world.obey();
    world.reportHealth(world.running[0]!, 'UNHEALTHY');
    world.advance(29_999);
    expect(world.live).toHaveLength(1);
    world.advance(1);
    expect(world.live).toHaveLength(2);
  });

  test('a deployment of unhealthy tasks trips the circuit breaker and is rolled back', () => {
    const world = healthyWorld(2, {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    world.update({ resolved: { taskDefinition: checkedDefinition(2), tags: [] } });
    for (let round = 0; round < 20; round++) {
      world.obey();
      for (const task of world.running) {
        world.reportHealth(task, task.template.taskDefinitionArn.endsWith(':2') ? 'UNHEALTHY' : 'HEALTHY');
      }
      world.advance(1_000);
    }
    expect(world.messages).toContain('rolling back to deployment ecs-svc/ID.');
    expect(world.revisions).toEqual({ 1: 2 });
    expect(world.service.steady).toBe(true);
  });
});
