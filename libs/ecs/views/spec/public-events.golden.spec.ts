import { describe, expect, test } from '@jest/globals';
import { publicEventsOf, ResourceChanges, resourceEventsOf } from '../src/index.ts';
import type { LogCommit } from '../src/index.ts';
import { expectGolden } from './golden.ts';
import { ALICE, hexId, make, runningReport, serviceTemplate, template } from './log-builder.ts';
import { World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);
const DEPLOYMENT = 'ecs-svc/1000000000000000001';
const CORRELATION = '0af76519-16cd-43dd-8448-eb211c80319c';

function told(world: World, commit: LogCommit) {
  return [...publicEventsOf(world.views, commit, changes), ...resourceEventsOf(world.views, changes)].map(
    ({ id, format, subject, body }) => ({
      id,
      format,
      subject,
      body: JSON.parse(body) as { detail?: object; data?: object },
    }),
  );
}

function placed(world: World): LogCommit {
  const { cluster } = world;
  world.apply(cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]));
  return cluster.commit(
    [make.imported(), make.requested([TASK], template({ startedBy: 'nightly' })), make.placed([TASK], INSTANCE)],
    { command: 'RunTask', principal: ALICE, commandId: 'c-1', correlationId: CORRELATION },
  );
}

const changes = new ResourceChanges();

describe('public events', () => {
  test('one event a task and instance, with the last state, in both formats', () => {
    const world = new World();
    const commit = placed(world);
    world.apply(commit);
    const events = told(world, commit);
    expectGolden('public-events-of-a-placement', events);
    expect(events).toHaveLength(4);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  test('many changes of one task in one commit are one event; the last decision is its cause', () => {
    const world = new World();
    world.apply(placed(world));
    const { cluster } = world;
    const commit = cluster.commitAll([
      { events: [make.changed(TASK, 'PENDING')], members: { commandId: 'c-2', correlationId: 'not a uuid' } },
      { events: [make.changed(TASK, 'RUNNING', runningReport(cluster.at))], members: { commandId: 'c-3' } },
    ]);
    world.apply(commit);
    const events = told(world, commit);
    expect(events.map(({ subject }) => subject)).toEqual([
      'waybill.events.123456789012.aws.ecs.ecs-task-state-change.default',
      'waybill.events.123456789012.cloudevents.ecs.task-state-change.default',
    ]);
    expect(events[0]?.body).toMatchObject({ detail: { lastStatus: 'RUNNING', version: 3 } });
    expect(events[1]?.body).toMatchObject({ causationid: 'c-3', data: { lastStatus: 'RUNNING' } });
    expect(events[1]?.body.data).toEqual(events[0]?.body.detail);
  });

  test('a body shows its commit, also when it is asked for after the next one', () => {
    const world = new World();
    const first = placed(world);
    world.apply(first);
    const events = [...publicEventsOf(world.views, first, changes), ...resourceEventsOf(world.views, changes)];
    world.apply(world.cluster.commit([make.changed(TASK, 'RUNNING', runningReport(world.cluster.at))]));
    expect(JSON.parse(events[0]?.body ?? '')).toMatchObject({ detail: { lastStatus: 'PENDING', version: 1 } });
  });

  test('a stopped task gives its resources back: the instance is told, too', () => {
    const world = new World();
    world.apply(placed(world));
    const commit = world.cluster.commit([make.changed(TASK, 'STOPPED', { stopCode: 'EssentialContainerExited' })]);
    world.apply(commit);
    expect(
      [...publicEventsOf(world.views, commit, changes), ...resourceEventsOf(world.views, changes)].map(
        ({ kind }) => kind,
      ),
    ).toEqual(['task', 'task', 'containerInstance', 'containerInstance']);
  });

  test('services: deployments, steady state, refused placements, tasks that cannot start', () => {
    const world = new World();
    const { cluster } = world;
    world.apply(cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]));
    const commit = cluster.commit([
      make.imported(),
      make.serviceCreated('web'),
      make.deploymentStarted('web', DEPLOYMENT),
      make.requested([TASK], serviceTemplate('web', DEPLOYMENT)),
      {
        type: 'TasksPlacementFailed',
        v: 1,
        taskIds: [TASK],
        serviceName: 'web',
        failures: [
          { instanceId: 'i-1', reason: 'RESOURCE:CPU' },
          { instanceId: 'i-2', reason: 'RESOURCE:MEMORY' },
          { instanceId: 'i-3', reason: 'RESOURCE:MEMORY' },
        ],
      },
      make.message('web', 'm-1', 'is unable to consistently start tasks successfully.'),
      {
        type: 'DeploymentFailed',
        v: 1,
        serviceName: 'web',
        deploymentId: DEPLOYMENT,
        reason: 'tasks failed to start.',
      },
      { type: 'ServiceSteadyStateReached', v: 1, serviceName: 'web' },
    ]);
    world.apply(commit);
    const details = told(world, commit)
      .filter(({ format }) => format === 'eventbridge')
      .map(({ subject, body }) => ({ subject, detail: body.detail }));
    expectGolden('public-events-of-a-service', details);
  });

  test('the same commit gives the same identifiers and texts again', () => {
    const [one, other] = [new World(), new World()];
    const [first, second] = [placed(one), placed(other)];
    one.apply(first);
    other.apply(second);
    expect(told(one, first)).toEqual(told(other, second));
  });

  test('a commit that the view does not have is a broken invariant; the account has nothing to tell', () => {
    const world = new World();
    const commit = placed(world);
    expect(() => [...publicEventsOf(world.views, commit, changes), ...resourceEventsOf(world.views, changes)]).toThrow(
      'before commit 2',
    );
    const ofAccount = world.account.commit([{ type: 'TermStarted', v: 1, term: 1 }]);
    world.apply(ofAccount);
    expect([...publicEventsOf(world.views, ofAccount, changes), ...resourceEventsOf(world.views, changes)]).toEqual([]);
  });
});
