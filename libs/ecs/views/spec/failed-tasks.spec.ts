import { describe, expect, test } from '@jest/globals';
import { describeServices } from '../src/index.ts';
import { hexId, make, serviceTemplate } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const DEPLOYMENT = 'ecs-svc/1000000000000000001';
const HOST = hexId(1, 'c');
const [ONE, TWO] = [hexId(1), hexId(2)];

/** A service with two tasks that are placed. */
function service(): World {
  const world = new World();
  return world.apply(
    world.cluster.commit([make.clusterCreated(), make.instanceRegistered(HOST)]),
    world.cluster.commit([
      make.imported(),
      make.serviceCreated('web', { desiredCount: 2 }),
      make.deploymentStarted('web', DEPLOYMENT),
      make.requested([ONE, TWO], serviceTemplate('web', DEPLOYMENT)),
      make.placed([ONE, TWO], HOST),
    ]),
  );
}

function failedTasks({ views }: World): unknown {
  const [described] = outputOf(describeServices(views, { services: ['web'] })).services;
  return ((described?.['deployments'] ?? []) as { failedTasks: number }[])[0]?.failedTasks;
}

describe('failedTasks shows what was decided', () => {
  test('about ends and stops of tasks, and nothing of its own', () => {
    const world = service();
    const stopCode = 'TaskFailedToStart' as const;
    world.apply(world.cluster.commit([make.changed(ONE, 'STOPPED', { stopCode, failedTaskCount: 3 })]));
    expect(failedTasks(world)).toBe(3);
    world.apply(world.cluster.commit([make.stopRequested(TWO, { cause: 'HEALTH_CHECK', failedTaskCount: 4 })]));
    expect(failedTasks(world)).toBe(4);
    world.apply(world.cluster.commit([make.changed(TWO, 'STOPPED', { stopCode })]));
    expect(failedTasks(world)).toBe(4);
  });

  test('a completed deployment begins anew', () => {
    const world = service();
    world.apply(world.cluster.commit([make.changed(ONE, 'STOPPED', { failedTaskCount: 1 })]));
    world.apply(world.cluster.commit([make.deploymentCompleted('web', DEPLOYMENT)]));
    expect(failedTasks(world)).toBe(0);
  });
});
