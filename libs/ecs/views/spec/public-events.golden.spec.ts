import { describe, expect, test } from '@jest/globals';
import type { PublicEvent } from '#libs/kernel';
import { EcsPublicEvents } from '../src/index.ts';
import type { LogCommit } from '../src/index.ts';
import { expectGolden } from './golden.ts';
import { ALICE, hexId, make, runningReport, serviceTemplate, template } from './log-builder.ts';
import { World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);
const DEPLOYMENT = 'ecs-svc/1000000000000000001';
const CORRELATION = '0af76519-16cd-43dd-8448-eb211c80319c';

/** Everything that goes out with a commit and after it. */
function sent(world: World, commit: LogCommit): readonly PublicEvent[] {
  const publicEvents = new EcsPublicEvents(world.views);
  return [...publicEvents.of(commit), ...publicEvents.gathered()];
}

function read(world: World, commit: LogCommit) {
  return sent(world, commit).map((event) => ({ ...event, body: JSON.parse(event.body) as { detail: object } }));
}

function placed(world: World): LogCommit {
  const { cluster } = world;
  world.apply(cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]));
  return cluster.commit(
    [make.imported(), make.requested([TASK], template({ startedBy: 'nightly' })), make.placed([TASK], INSTANCE)],
    { command: 'RunTask', principal: ALICE, commandId: 'c-1', correlationId: CORRELATION },
  );
}

describe('public events', () => {
  test('one event per task and instance, with the last state', () => {
    const world = new World();
    const commit = placed(world);
    world.apply(commit);
    const events = read(world, commit);
    expectGolden('public-events-of-a-placement', events);
    expect(events.map(({ attributes, body }) => attributes.id === (body as { id?: string }).id)).toEqual([true, true]);
    expect(new Set(events.map(({ attributes }) => attributes.id)).size).toBe(2);
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
    expect(read(world, commit)).toMatchObject([
      {
        subject: 'waybill.events.123456789012.ecs.task-state-change.default',
        attributes: { causationid: 'c-3', sequence: '0000000000000003.0000' },
        body: { detail: { lastStatus: 'RUNNING', version: 3 } },
      },
    ]);
  });

  test('a body shows its commit, also when it is read after the next one', () => {
    const world = new World();
    const first = placed(world);
    world.apply(first);
    const events = sent(world, first);
    world.apply(world.cluster.commit([make.changed(TASK, 'RUNNING', runningReport(world.cluster.at))]));
    expect(JSON.parse(events[0]?.body ?? '')).toMatchObject({ detail: { lastStatus: 'PENDING', version: 1 } });
  });

  test('a stopped task gives its resources back: the instance is told, too', () => {
    const world = new World();
    world.apply(placed(world));
    const commit = world.cluster.commit([make.changed(TASK, 'STOPPED', { stopCode: 'EssentialContainerExited' })]);
    world.apply(commit);
    expect(sent(world, commit).map(({ attributes }) => attributes['type'])).toEqual([
      'waybill.ecs.task-state-change',
      'waybill.ecs.container-instance-state-change',
    ]);
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
        type: 'TaskPlacementFailed',
        v: 1,
        taskIds: [TASK],
        serviceName: 'web',
        failures: [
          { containerInstanceId: 'i-1', reason: 'RESOURCE:CPU' },
          { containerInstanceId: 'i-2', reason: 'RESOURCE:MEMORY' },
          { containerInstanceId: 'i-3', reason: 'RESOURCE:MEMORY' },
        ],
      },
      make.message('web', 'm-1', 'is unable to consistently start tasks successfully.', {
        kind: 'TASK_START_IMPAIRED',
      }),
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
    const details = read(world, commit).map(({ subject, body }) => ({ subject, detail: body.detail }));
    expectGolden('public-events-of-a-service', details);
  });

  test('the same commit gives the same identifiers and texts again', () => {
    const [one, other] = [new World(), new World()];
    const [first, second] = [placed(one), placed(other)];
    one.apply(first);
    other.apply(second);
    expect(sent(one, first)).toEqual(sent(other, second));
  });

  test('a commit that the view does not have is a broken invariant; the account has no events', () => {
    const world = new World();
    const commit = placed(world);
    expect(() => sent(world, commit)).toThrow('before commit 2');
    const ofAccount = world.account.commit([{ type: 'TermStarted', v: 1, term: 1 }]);
    world.apply(ofAccount);
    expect(sent(world, ofAccount)).toEqual([]);
  });
});
