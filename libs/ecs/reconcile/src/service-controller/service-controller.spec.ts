import { describe, expect, test } from '@jest/globals';
import { nextDeadlineOf } from '#libs/kernel';
import { messagesIn, percents, ServiceWorld, typesIn } from '../../spec/service-world.ts';

describe('a new service', () => {
  test('starts its tasks in the decision that creates it', () => {
    const world = new ServiceWorld();
    const events = world.create(3);
    expect(typesIn(events)).toEqual([
      'TaskDefinitionImported',
      'ServiceCreated',
      'DeploymentStarted',
      'TasksRequested',
      'TasksPlaced',
      'ServiceMessagePosted',
    ]);
    expect(messagesIn(events)).toEqual(['has started 3 tasks: (task ID) (task ID) (task ID).']);
    expect(world.pending).toHaveLength(3);
    expect(world.live[0]?.template).toMatchObject({
      group: 'service:web',
      startedBy: world.service.deployments[0]?.deploymentId,
      serviceName: 'web',
    });
  });

  test('is steady when its tasks have proved healthy', () => {
    const world = new ServiceWorld();
    world.create(3);
    world.obey();
    expect(world.service.deployments[0]?.rolloutState).toBe('IN_PROGRESS');
    world.advance(4_999);
    expect(world.service.steady).toBe(false);
    world.advance(1);
    expect(world.service.deployments[0]?.rolloutState).toBe('COMPLETED');
    expect(world.messages.slice(1)).toEqual([
      '(deployment ecs-svc/ID) deployment completed.',
      'has reached a steady state.',
    ]);
  });

  test('says so again after six hours, and nothing in between', () => {
    const world = new ServiceWorld();
    world.create(1);
    world.calm();
    const before = world.events.length;
    world.advance(6 * 3_600_000 - 60_000);
    expect(world.events).toHaveLength(before);
    world.advance(120_000);
    expect(messagesIn(world.events.slice(before).map(({ event }) => event))).toEqual(['has reached a steady state.']);
  });

  test('wants nothing with a desired count of 0', () => {
    const world = new ServiceWorld();
    world.create(0);
    expect(world.live).toEqual([]);
    world.advance(1_999);
    expect(world.service).toMatchObject({ steady: false, deployments: [{ rolloutState: 'IN_PROGRESS' }] });
    world.advance(1);
    expect(world.service).toMatchObject({ steady: true, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('without tasks a new deployment takes as long as the old one is listed', () => {
    const world = steadyWorld(0);
    world.update({ forceNewDeployment: true });
    expect(world.service.deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }, { rolloutState: 'COMPLETED' }]);
    world.advance(2_000);
    expect(world.service).toMatchObject({ steady: true, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('is the same when it is created again with its token', () => {
    const world = new ServiceWorld();
    world.create(2, { clientToken: 'once' });
    expect(world.create(2, { clientToken: 'once' })).toEqual([]);
    expect(() => world.create(2)).toThrow('Creation of service was not idempotent.');
  });
});

describe('keeping the count', () => {
  test('a container that ends is replaced at once', () => {
    const world = steadyWorld(3);
    world.advance(60_000);
    const [victim] = world.running;
    const events = world.exit(victim!);
    expect(typesIn(events)).toEqual(['TaskStateChanged', 'TasksRequested', 'TasksPlaced', 'ServiceMessagePosted']);
    world.calm();
    expect(world.running).toHaveLength(3);
    expect(world.messages.at(-1)).toBe('has reached a steady state.');
  });

  test('a task that a user stops is replaced at once, while it is still stopping', () => {
    const world = steadyWorld(2);
    world.submit({ type: 'StopTask', taskId: world.running[0]!.taskId });
    expect(world.live).toHaveLength(2);
    expect(world.stopping).toHaveLength(1);
  });

  test('the desired count is followed up and down', () => {
    const world = steadyWorld(2);
    world.update({ desiredCount: 5 });
    expect(world.live).toHaveLength(5);
    world.calm();
    const events = world.update({ desiredCount: 1 });
    expect(world.live).toHaveLength(1);
    expect(world.stopping[0]?.stoppedReason).toMatch(/^Scaling activity initiated by \(deployment ecs-svc\/\d{19}\)$/);
    expect(messagesIn(events)).toEqual([
      'has stopped 4 running tasks: (task ID) (task ID) (task ID) (task ID).',
      'has reached a steady state.',
    ]);
    world.calm();
    expect(world.service.deployments).toHaveLength(1);
  });

  test('tasks that are not RUNNING yet go first when the count falls', () => {
    const world = steadyWorld(2);
    world.update({ desiredCount: 4 });
    const events = world.update({ desiredCount: 2 });
    expect(world.running).toHaveLength(2);
    expect(messagesIn(events)[0]).toBe('stopped 2 pending tasks.');
  });

  test('a scale-in keeps the spread', () => {
    const world = steadyWorld(4, 4);
    world.update({ desiredCount: 8 });
    world.calm();
    world.update({ desiredCount: 4 });
    world.calm();
    expect(new Set(world.running.map(({ instanceId }) => instanceId)).size).toBe(4);
  });

  test('many tasks are started in decisions of a hundred', () => {
    const world = new ServiceWorld(10, { cpu: 102_400, memory: 102_400 });
    world.create(250);
    expect(world.live).toHaveLength(100);
    world.advance(0);
    expect(world.live).toHaveLength(250);
    world.calm();
    expect(world.service.steady).toBe(true);
    world.update({ desiredCount: 0 });
    expect(world.live).toHaveLength(150);
    world.advance(0);
    expect(world.live).toHaveLength(0);
  });
});

describe('draining', () => {
  test('tasks move within 100/200: replacements first', () => {
    const world = steadyWorld(4, 2);
    world.submit({ type: 'UpdateContainerInstancesState', instanceIds: ['host1'], status: 'DRAINING' });
    expect(world.running).toHaveLength(4);
    expect(world.pending).toHaveLength(2);
    world.calm();
    expect(world.running.map(({ instanceId }) => instanceId)).toEqual(['host2', 'host2', 'host2', 'host2']);
    expect(world.service.steady).toBe(true);
  });

  test('tasks stop first within 50/100', () => {
    const world = steadyWorld(4, 2, percents(50, 100));
    world.submit({ type: 'UpdateContainerInstancesState', instanceIds: ['host1'], status: 'DRAINING' });
    expect(world.stopping).toHaveLength(2);
    expect(world.pending).toHaveLength(2);
    world.calm();
    expect(world.running.every(({ instanceId }) => instanceId === 'host2')).toBe(true);
  });

  test('nothing moves within 100/100, and it is said', () => {
    const world = steadyWorld(2, 2, percents(100, 100));
    world.submit({ type: 'UpdateContainerInstancesState', instanceIds: ['host1'], status: 'DRAINING' });
    expect(world.stopping).toEqual([]);
    expect(world.messages.at(-1)).toMatch(/^was unable to stop or start tasks during a deployment because/);
  });

  test('PENDING tasks leave at once', () => {
    const world = new ServiceWorld(2);
    world.create(2);
    world.submit({ type: 'UpdateContainerInstancesState', instanceIds: ['host1'], status: 'DRAINING' });
    expect(world.live.map(({ instanceId }) => instanceId)).toEqual(['host2', 'host2']);
  });

  test('a steady service on a host that drains in vain wakes nobody until the message may come again', () => {
    const world = steadyWorld(2, 2, percents(100, 100));
    world.submit({ type: 'UpdateContainerInstancesState', instanceIds: ['host1'], status: 'DRAINING' });
    const before = world.events.length;
    world.advance(5 * 3_600_000);
    expect(world.events).toHaveLength(before);
    world.advance(3 * 3_600_000);
    expect(world.events).toHaveLength(before + 1);
  });

  test('a host that is lost is replaced', () => {
    const world = steadyWorld(4, 2);
    world.submit({ type: 'DeregisterContainerInstance', instanceId: 'host1', force: true });
    world.calm();
    expect(world.running).toHaveLength(4);
  });
});

describe('the end of a service', () => {
  test('force stops its tasks and closes it when the last one has STOPPED', () => {
    const world = steadyWorld(3);
    expect(() => world.submit({ type: 'DeleteService', serviceName: 'web', force: false })).toThrow(
      'The service cannot be stopped while it is scaled above 0.',
    );
    world.submit({ type: 'DeleteService', serviceName: 'web', force: true });
    expect(world.service.status).toBe('DRAINING');
    expect(world.live).toEqual([]);
    expect(() => world.create(1)).toThrow('Unable to Start a service that is still Draining.');
    world.calm();
    expect(world.state.services.size).toBe(0);
    world.create(1);
    expect(world.live).toHaveLength(1);
  });

  test('without tasks it is DRAINING for five seconds', () => {
    const world = steadyWorld(0);
    expect(typesIn(world.submit({ type: 'DeleteService', serviceName: 'web', force: false }))).toEqual([
      'ServiceDeletionRequested',
    ]);
    world.advance(4_999);
    expect(world.service.status).toBe('DRAINING');
    world.advance(1);
    expect(world.state.services.size).toBe(0);
    expect(nextDeadlineOf(world.decider, world.state)).toBeNull();
  });

  test('with a task it closes with the last one, not before', () => {
    const world = steadyWorld(1);
    world.submit({ type: 'DeleteService', serviceName: 'web', force: true });
    world.advance(60_000);
    expect(world.service.status).toBe('DRAINING');
    world.obey();
    expect(world.state.services.size).toBe(0);
  });

  test('an older deployment leaves the list after its last task', () => {
    const world = steadyWorld(2);
    world.roll(2);
    world.obey();
    world.submit({ type: 'DeleteService', serviceName: 'web', force: true });
    expect(world.service.deployments).toHaveLength(2);
    world.obey();
    expect(world.service.deployments).toHaveLength(1);
    world.advance(5_000);
    expect(world.state.services.size).toBe(0);
  });

  test('an INACTIVE one takes no update for as long as it is described', () => {
    const world = steadyWorld(0);
    world.submit({ type: 'DeleteService', serviceName: 'web', force: false });
    world.calm();
    expect(() => world.update({ desiredCount: 1 })).toThrow('Service was not ACTIVE.');
    expect(() => world.submit({ type: 'DeleteService', serviceName: 'web', force: false })).toThrow('DeleteService: ');
    world.advance(3_600_000);
    expect(() => world.update({ desiredCount: 1 })).toThrow('Service not found.');
  });

  test('hundreds of tasks are stopped in decisions of a hundred', () => {
    const world = new ServiceWorld(10, { cpu: 102_400, memory: 102_400 });
    world.create(250);
    world.calm();
    world.submit({ type: 'DeleteService', serviceName: 'web', force: true });
    expect(world.live).toHaveLength(150);
    world.calm();
    expect(world.state.services.size).toBe(0);
  });
});

function steadyWorld(desiredCount: number, hosts = 2, members = {}): ServiceWorld {
  const world = new ServiceWorld(hosts);
  world.create(desiredCount, members);
  world.calm();
  expect(world.service.steady).toBe(true);
  return world;
}
