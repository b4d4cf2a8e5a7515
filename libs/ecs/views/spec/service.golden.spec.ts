import { describe, test } from '@jest/globals';
import { describeServices, listServices } from '../src/index.ts';
import { expectGolden } from './golden.ts';
import { hexId, make, runningReport, serviceSpec, serviceTemplate, taskDefinition } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const FIRST = 'ecs-svc/1000000000000000001';
const SECOND = 'ecs-svc/2000000000000000002';
const [OLD_1, OLD_2, NEW_1, NEW_2] = [hexId(1), hexId(2), hexId(3), hexId(4)];
const NEXT = taskDefinition({ revision: 2 });

function messageId(number: number): string {
  return `00000000-0000-4000-a000-${String(number).padStart(12, '0')}`;
}

function created(world: World) {
  const { cluster } = world;
  return [
    cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]),
    cluster.commit([
      make.imported(),
      make.serviceCreated('web', { desiredCount: 2, tags: [{ key: 'team', value: 'shop' }] }),
      make.deploymentStarted('web', FIRST),
      make.requested([OLD_1, OLD_2], serviceTemplate('web', FIRST)),
      make.placed([OLD_1, OLD_2], INSTANCE),
      make.message('web', messageId(1), `has started 2 tasks: (task ${OLD_1}) (task ${OLD_2}).`),
    ]),
  ];
}

function stable(world: World) {
  const { cluster } = world;
  return cluster.commit([
    make.changed(OLD_1, 'RUNNING', runningReport(cluster.at - 100)),
    make.changed(OLD_2, 'RUNNING', runningReport(cluster.at - 50, 32769)),
    make.deploymentCompleted('web', FIRST),
    make.message('web', messageId(2), `(deployment ${FIRST}) deployment completed.`),
    { type: 'ServiceSteadyStateReached', v: 1, serviceName: 'web' },
    make.message('web', messageId(3), 'has reached a steady state.'),
  ]);
}

function rolling(world: World) {
  const { cluster } = world;
  const spec = serviceSpec({ taskDefinitionArn: NEXT.taskDefinitionArn });
  const stop = {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${SECOND})`,
  } as const;
  return [
    cluster.commit([
      make.imported(NEXT),
      { type: 'ServiceUpdated', v: 1, serviceName: 'web', spec },
      make.deploymentStarted('web', SECOND, { taskDefinitionArn: NEXT.taskDefinitionArn }),
      make.requested([NEW_1, NEW_2], serviceTemplate('web', SECOND, NEXT.taskDefinitionArn)),
      make.placed([NEW_1, NEW_2], INSTANCE),
    ]),
    cluster.commit([make.changed(NEW_1, 'RUNNING', runningReport(cluster.at)), make.stopRequested(OLD_1, stop)]),
    cluster.commit([make.changed(OLD_1, 'STOPPED')]),
  ];
}

function rolled(world: World) {
  const { cluster } = world;
  return [
    cluster.commit([make.changed(NEW_2, 'RUNNING', runningReport(cluster.at)), make.stopRequested(OLD_2)]),
    cluster.commit([
      make.changed(OLD_2, 'STOPPED'),
      { type: 'DeploymentRetired', v: 1, serviceName: 'web', deploymentId: FIRST },
      make.deploymentCompleted('web', SECOND),
    ]),
  ];
}

describe('a service', () => {
  test('created: one PRIMARY deployment in progress', () => {
    const world = new World();
    world.apply(...created(world));
    expectGolden('service-created', outputOf(describeServices(world.views, { services: ['web'], include: ['TAGS'] })));
  });

  test('stable: running equals desired, messages newest first', () => {
    const world = new World();
    world.apply(...created(world), stable(world));
    expectGolden('service-stable', outputOf(describeServices(world.views, { services: ['web'] })));
  });

  test('rolling: PRIMARY first, the older one shrinks; then it leaves the list', () => {
    const world = new World();
    world.apply(...created(world), stable(world), ...rolling(world));
    expectGolden('service-rolling', outputOf(describeServices(world.views, { services: ['web'] })));
    world.apply(...rolled(world));
    expectGolden('service-rolled', outputOf(describeServices(world.views, { services: ['web'] })));
  });

  test('deleted: DRAINING, then INACTIVE, and in no list', () => {
    const world = new World();
    const { cluster } = world;
    world.apply(...created(world), stable(world));
    world.apply(
      cluster.commit([
        { type: 'ServiceDeletionRequested', v: 1, serviceName: 'web' },
        make.stopRequested(OLD_1),
        make.stopRequested(OLD_2),
      ]),
    );
    const draining = outputOf(describeServices(world.views, { services: ['web'] }));
    world.apply(
      cluster.commit([make.changed(OLD_1, 'STOPPED'), make.changed(OLD_2, 'STOPPED')]),
      cluster.commit([make.serviceDeleted('web', Infinity)]),
    );
    expectGolden('service-deleted', {
      draining,
      inactive: outputOf(describeServices(world.views, { services: ['web'] })),
      listed: outputOf(listServices(world.views, {})),
    });
  });
});
