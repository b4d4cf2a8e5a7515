import { describe, expect, test } from '@jest/globals';
import type { CreateService } from '#libs/ecs/messages';
import { messagesIn, percents, ServiceWorld, taskDefinition, typesIn } from '../../spec/service-world.ts';

/* That the counts stay within the percentages is checked by the world after every event. */

function steadyWorld(desiredCount: number, members: Partial<CreateService> = {}): ServiceWorld {
  const world = new ServiceWorld(2);
  world.create(desiredCount, members);
  world.calm();
  return world;
}

describe('a rolling update', () => {
  test('100/200: all new tasks start, then the old ones stop as the new ones are healthy', () => {
    const world = steadyWorld(4);
    const events = world.roll(2);
    expect(typesIn(events).slice(0, 4)).toEqual([
      'TaskDefinitionImported',
      'ServiceUpdated',
      'DeploymentStarted',
      'TasksRequested',
    ]);
    expect(world.revisions).toEqual({ 1: 4, 2: 4 });
    world.obey();
    expect(world.revisions).toEqual({ 1: 4, 2: 4 });
    const before = world.events.length;
    world.advance(5_000);
    expect(world.revisions).toEqual({ 2: 4 });
    expect(world.service.deployments).toHaveLength(1);
    expect(messagesIn(world.events.slice(before).map(({ event }) => event))).toEqual([
      'has stopped 4 running tasks: (task ID) (task ID) (task ID) (task ID).',
      '(deployment ecs-svc/ID) deployment completed.',
      'has reached a steady state.',
    ]);
  });

  test('50/100: two go, two come, twice', () => {
    const world = steadyWorld(4, percents(50, 100));
    world.roll(2);
    expect(world.revisions).toEqual({ 1: 2, 2: 2 });
    world.obey();
    expect(world.revisions).toEqual({ 1: 2, 2: 2 });
    world.advance(5_000);
    expect(world.revisions).toEqual({ 2: 4 });
    world.calm();
    expect(world.service).toMatchObject({ steady: true, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('0/100: everything stops first', () => {
    const world = steadyWorld(3, percents(0, 100));
    world.roll(2);
    expect(world.running).toEqual([]);
    expect(world.revisions).toEqual({ 2: 3 });
    world.calm();
    expect(world.running).toHaveLength(3);
  });

  test('one task, 0/100: stop, then start', () => {
    const world = steadyWorld(1, percents(0, 100));
    world.roll(2);
    expect(world.revisions).toEqual({ 2: 1 });
  });

  test('100/150: one at a time for two tasks', () => {
    const world = steadyWorld(2, percents(100, 150));
    world.roll(2);
    expect(world.revisions).toEqual({ 1: 2, 2: 1 });
    world.obey();
    world.advance(5_000);
    expect(world.revisions).toEqual({ 1: 1, 2: 2 });
    world.calm();
    expect(world.revisions).toEqual({ 2: 2 });
  });

  test.each([
    [3, 100, 100],
    [1, 100, 150],
    [1, 50, 150],
  ])('%i tasks with %i/%i are stuck: said once, then every six hours', (desiredCount, min, max) => {
    const world = steadyWorld(desiredCount, percents(min, max));
    const blocked = () => world.messages.filter((message) => message.startsWith('was unable to stop or start tasks'));
    world.roll(2);
    expect(world.revisions).toEqual({ 1: desiredCount });
    expect(blocked()).toEqual([
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
        'Update the minimumHealthyPercent or maximumPercent value and try again.',
    ]);
    world.advance(3 * 3_600_000);
    expect(blocked()).toHaveLength(1);
    world.advance(4 * 3_600_000);
    expect(blocked()).toHaveLength(2);
    world.update({ deploymentConfiguration: { maximumPercent: 200 } });
    world.calm();
    expect(world.revisions).toEqual({ 2: desiredCount });
  });

  test('100/100 of tasks that have not settled waits for them before it says so', () => {
    const world = new ServiceWorld(2);
    world.create(2, percents(100, 100));
    world.obey();
    world.roll(2);
    expect(world.messages.some((message) => message.startsWith('was unable'))).toBe(false);
    world.advance(5_000);
    expect(world.messages.at(-1)).toMatch(/^was unable to stop or start tasks/);
  });

  test('a newer deployment supersedes one in progress: its unfinished tasks go first', () => {
    const world = steadyWorld(3);
    world.roll(2);
    world.roll(3);
    expect(world.revisions).toEqual({ 1: 3, 3: 3 });
    expect(world.service.deployments).toHaveLength(3);
    world.advance(2_000);
    expect(world.service.deployments).toHaveLength(2);
    world.calm();
    expect(world.revisions).toEqual({ 3: 3 });
  });

  test('the desired count of a deployment in progress may change', () => {
    const world = steadyWorld(4);
    world.roll(2);
    world.update({ desiredCount: 2 });
    expect(world.revisions['2']).toBe(2);
    world.calm();
    expect(world.revisions).toEqual({ 2: 2 });
    world.roll(3);
    world.update({ desiredCount: 6 });
    world.calm();
    expect(world.revisions).toEqual({ 3: 6 });
  });

  test('forceNewDeployment replaces every task by one of the same revision', () => {
    const world = steadyWorld(2);
    const before = world.running.map(({ taskId }) => taskId);
    world.update({ forceNewDeployment: true });
    world.calm();
    expect(world.revisions).toEqual({ 1: 2 });
    expect(world.running.some(({ taskId }) => before.includes(taskId))).toBe(false);
  });

  test('an update that changes nothing records nothing', () => {
    const world = steadyWorld(2);
    expect(world.update({ resolved: { taskDefinition: taskDefinition(1), tags: [] }, desiredCount: 2 })).toEqual([]);
  });

  test('old tasks that do not confirm their end hold nothing up', () => {
    const world = steadyWorld(2);
    world.roll(2);
    for (const task of world.pending) world.report(task, { knownStatus: 'RUNNING' });
    world.advance(5_000);
    expect(world.stopping).toHaveLength(2);
    expect(world.service).toMatchObject({ steady: true, deployments: [{ runningCount: 2 }] });
    world.obey();
    expect(world.service.taskIds.size).toBe(2);
  });
});
