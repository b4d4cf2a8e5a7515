import { describe, expect, test } from '@jest/globals';
import { nextDeadlineOf } from '#libs/kernel';
import type { DeploymentCircuitBreaker, CreateService } from '#libs/ecs/messages';
import { messagesIn, percents, ServiceWorld, taskDefinition } from '../../spec/service-world.ts';

function breaker(rollback: boolean): Partial<CreateService> {
  return { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } } };
}

/** Every PENDING task of a revision fails until no new one comes at once. */
function failAll(world: ServiceWorld, revision: number): void {
  for (let round = 0; round < 50; round++) {
    const doomed = world.pending.filter(({ template }) => template.taskDefinitionArn.endsWith(`:${revision}`));
    if (doomed.length === 0) return;
    for (const task of doomed) world.failToStart(task);
  }
  throw new Error('tasks are started again and again without a pause');
}

/** The pauses between the starts of the only task of a service that never starts (seconds). */
function pausesOf(world: ServiceWorld, attempts: number): readonly number[] {
  const pauses: number[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = world.at;
    const [task] = world.pending;
    if (task === undefined) throw new Error('nothing was started');
    world.failToStart(task);
    advanceToStart(world);
    pauses.push((world.at - before) / 1_000);
  }
  return pauses;
}

function advanceToStart(world: ServiceWorld): void {
  while (world.pending.length === 0) {
    const deadline = nextDeadlineOf(world.decider, world.state);
    if (deadline === null) throw new Error('nothing will ever be started');
    world.advance(deadline - world.at);
  }
}

describe('tasks that never run', () => {
  test('are started again after growing pauses of at most 27 minutes, and it is said once', () => {
    const world = new ServiceWorld();
    world.create(1);
    expect(pausesOf(world, 16)).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_620, 1_620, 1_620]);
    const impaired = world.messages.filter((text) => text === 'is unable to consistently start tasks successfully.');
    expect(impaired).toHaveLength(1);
  });

  test('a new task definition ends the wait', () => {
    const world = new ServiceWorld();
    world.create(1);
    pausesOf(world, 8);
    world.failToStart(world.pending[0]!);
    expect(world.pending).toEqual([]);
    world.roll(2);
    expect(world.revisions).toEqual({ 2: 1 });
    expect(pausesOf(world, 3)).toEqual([0, 0, 1]);
  });

  test('one that runs well is a new beginning', () => {
    const world = new ServiceWorld();
    world.create(1);
    pausesOf(world, 8);
    world.calm();
    expect(world.service).toMatchObject({ steady: true, consecutiveFailures: 0, startDelays: 0 });
    world.exit(world.running[0]!);
    expect(world.pending).toHaveLength(1);
  });

  test('failures during a pause do not lengthen it', () => {
    const world = new ServiceWorld();
    world.create(6);
    for (const task of world.pending) world.failToStart(task);
    expect(world.service.startDelays).toBe(1);
    world.advance(1_000);
    expect(world.pending.length).toBeGreaterThanOrEqual(4);
  });
});

describe('tasks that run for a moment only', () => {
  test('are replaced at once at first, then within seconds', () => {
    const world = new ServiceWorld();
    world.create(1);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      const before = world.at;
      world.report(world.pending[0]!, { knownStatus: 'RUNNING' });
      world.exit(world.running[0]!);
      advanceToStart(world);
      pauses.push((world.at - before) / 1_000);
    }
    expect(pauses).toEqual([0, 0, 1, 2, 4, 8, 10, 10, 10]);
    expect(world.messages).not.toContain('is unable to consistently start tasks successfully.');
  });

  // Found by the simulation: each end made room, room ended the wait, and tasks were started 13 times a second all day long.
  test('are not replaced at once because they leave room in a full cluster', () => {
    const world = new ServiceWorld(1, { cpu: 256 });
    world.create(8);
    const room = world.pending.length;
    expect(room).toBeLessThan(8);
    for (let round = 0; round < 10 && world.pending.length > 0; round++) {
      for (const task of world.pending) world.report(task, { knownStatus: 'RUNNING' });
      for (const task of world.running) world.exit(task);
    }
    expect(world.pending).toEqual([]);
    advanceToStart(world);
    expect(world.pending.length).toBe(room);
  });

  test('one that has run for a while is always replaced at once', () => {
    const world = new ServiceWorld();
    world.create(1);
    for (let attempt = 0; attempt < 10; attempt++) {
      world.obey();
      world.advance(5_000);
      world.exit(world.running[0]!);
      expect(world.pending).toHaveLength(1);
    }
  });
});

describe('the circuit breaker', () => {
  test('without rollback: the deployment fails, old tasks run on, nothing is started', () => {
    const world = new ServiceWorld();
    world.create(4, breaker(false));
    world.calm();
    world.roll(2);
    failAll(world, 2);
    world.advance(10_000);
    expect(world.service.deployments).toMatchObject([{ rolloutState: 'FAILED' }, { runningCount: 4 }]);
    expect(messagesIn(world.events.map(({ event }) => event))).toContain(
      '(deployment ecs-svc/ID) deployment failed: tasks failed to start.',
    );
    failAll(world, 2);
    world.advance(3_600_000);
    expect(world.revisions).toEqual({ 1: 4 });
    world.roll(3);
    world.calm();
    expect(world.revisions).toEqual({ 3: 4 });
  });

  test('with rollback: back to what the last completed deployment ran', () => {
    const world = new ServiceWorld();
    world.create(4, breaker(true));
    world.calm();
    world.roll(2);
    failAll(world, 2);
    for (let i = 0; i < 5 && world.service.spec.taskDefinitionArn.endsWith(':2'); i++) {
      world.advance(1_000);
      failAll(world, 2);
    }
    expect(world.events.find(({ event }) => event.type === 'DeploymentFailed')?.event).toMatchObject({
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    const started = world.events.filter(({ event }) => event.type === 'DeploymentStarted').at(-1)?.event;
    expect(started).toMatchObject({
      reason: expect.stringMatching(/^ECS deployment circuit breaker: rolling back to deploymentId ecs-svc\/\d{19}\.$/),
      taskDefinitionArn: taskDefinition(1).taskDefinitionArn,
    });
    expect(world.messages).toContain('rolling back to deployment ecs-svc/ID.');
    world.calm();
    expect(world.revisions).toEqual({ 1: 4 });
    expect(world.service).toMatchObject({ steady: true, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('a first deployment has nothing to go back to', () => {
    const world = new ServiceWorld();
    world.create(1, breaker(true));
    failAll(world, 1);
    expect(world.service.deployments).toMatchObject([{ rolloutState: 'FAILED', failedTasks: 3 }]);
    expect(nextDeadlineOf(world.decider, world.state)).not.toBe(0);
    world.update({ desiredCount: 0 });
    expect(world.live).toEqual([]);
  });

  test('a rollback that fails is not rolled back again', () => {
    const world = new ServiceWorld();
    world.create(1, breaker(true));
    world.calm();
    world.roll(2);
    failAll(world, 2);
    world.exit(world.running[0]!);
    failAll(world, 1);
    expect(world.service.deployments[0]).toMatchObject({ rolloutState: 'FAILED', rollbackOf: expect.any(String) });
  });

  test('counts containers that exit as soon as they run', () => {
    const world = new ServiceWorld();
    world.create(1, breaker(false));
    for (let i = 0; i < 3; i++) {
      world.report(world.pending[0]!, { knownStatus: 'RUNNING' });
      world.exit(world.running[0]!);
      world.advance(10);
    }
    expect(world.service.deployments[0]?.rolloutState).toBe('FAILED');
  });

  test.each<[number, DeploymentCircuitBreaker['thresholdConfiguration'], number]>([
    [1, undefined, 3],
    [25, undefined, 13],
    [8, { type: 'COUNT', value: 1 }, 1],
    [10, { type: 'UNBOUNDED_PERCENT', value: 20 }, 2],
  ])('with %i tasks and %j it takes %i failures', (desiredCount, thresholdConfiguration, failures) => {
    const world = new ServiceWorld(2, { cpu: 65_536, memory: 65_536 });
    const deploymentCircuitBreaker = {
      enable: true,
      rollback: false,
      ...(thresholdConfiguration && { thresholdConfiguration }),
    };
    world.create(desiredCount, { deploymentConfiguration: { deploymentCircuitBreaker } });
    let failed = 0;
    while (world.service.deployments[0]?.rolloutState === 'IN_PROGRESS' && failed < 50) {
      const [task] = world.pending;
      if (task === undefined) world.advance(1_000);
      else world.failToStart(task);
      if (task !== undefined) failed += 1;
    }
    expect(failed).toBe(failures);
  });
});

describe('tasks that fit nowhere', () => {
  test('no instance: said once, and started when one arrives', () => {
    const world = new ServiceWorld(0);
    world.create(2);
    expect(world.live).toEqual([]);
    expect(world.messages).toEqual([
      'was unable to place a task because no container instance met all of its requirements. ' +
        'Reason: No Container Instances were found in your cluster. ' +
        'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    ]);
    world.advance(3_600_000);
    expect(world.messages).toHaveLength(1);
    world.register('host1');
    expect(world.live).toHaveLength(2);
    world.calm();
    expect(world.service).toMatchObject({ steady: true, startsDelayedUntil: null, startObstacle: null });
  });

  test('the closest match is named', () => {
    const world = new ServiceWorld(1, { cpu: 512 });
    world.create(3);
    expect(world.live).toHaveLength(2);
    expect(world.messages[1]).toBe(
      'was unable to place a task because no container instance met all of its requirements. ' +
        'The closest matching (container-instance host1) has insufficient CPU units available. ' +
        'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    );
  });

  test('what exactly is missing is said', () => {
    const world = new ServiceWorld(1);
    world.create(1, { placementConstraints: [{ type: 'memberOf', expression: 'attribute:stack == prod' }] });
    expect(world.messages).toEqual([
      'was unable to place a task because no container instance met all of its requirements. ' +
        'The closest matching (container-instance host1) encountered error ' +
        '"MemberOf placement constraint unsatisfied.". Detail: attribute:stack == prod. ' +
        'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    ]);
  });

  test('it is tried again after growing pauses of at most five minutes', () => {
    const world = new ServiceWorld(0);
    world.create(1);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) {
      const deadline = nextDeadlineOf(world.decider, world.state) ?? world.at;
      pauses.push((deadline - world.at) / 1_000);
      world.advance(deadline - world.at);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  test('waits for room are no failures: a task that fails afterwards is the first one', () => {
    const world = new ServiceWorld(0);
    world.create(1);
    for (let attempt = 0; attempt < 11; attempt++) {
      world.advance((nextDeadlineOf(world.decider, world.state) ?? world.at) - world.at);
    }
    expect(world.service).toMatchObject({ roomDelays: 12, startDelays: 0, consecutiveFailures: 0 });
    world.register('host1');
    expect(pausesOf(world, 5)).toEqual([0, 0, 1, 2, 4]);
  });

  test('room that another task frees is taken at once, by as many as fit', () => {
    const world = new ServiceWorld(1, { cpu: 768 });
    world.create(2);
    world.calm();
    world.update({ desiredCount: 5 });
    world.calm();
    expect(world.live).toHaveLength(3);
    const before = world.events.length;
    world.register('host2', { cpu: 256 });
    expect(world.live).toHaveLength(4);
    const types = world.events.slice(before).map(({ event }) => event.type);
    expect(types).not.toContain('TaskPlacementFailed');
    world.register('host3', { cpu: 256 });
    world.calm();
    expect(world.running).toHaveLength(5);
    expect(world.service.startsDelayedUntil).toBeNull();
  });

  test('events elsewhere try nothing that cannot succeed', () => {
    const world = new ServiceWorld(1, { cpu: 256 });
    world.create(3);
    world.obey();
    world.advance(20_000);
    const before = world.events.length;
    world.register('host2', { cpu: 128 });
    expect(world.events.slice(before).map(({ event }) => event.type)).toEqual(['ContainerInstanceRegistered']);
  });

  test('a rolling update without room for one more task goes on as old ones stop', () => {
    const world = new ServiceWorld(1, { cpu: 512 });
    world.create(2, percents(50, 200));
    world.calm();
    world.roll(2);
    world.calm();
    expect(world.revisions).toEqual({ 2: 2 });
  });

  test('a task that is lost while others wait for room is replaced when its host is free', () => {
    const world = new ServiceWorld(1, { cpu: 512 });
    world.create(3);
    world.calm();
    world.exit(world.running[0]!);
    expect(world.live).toHaveLength(2);
  });
});
