import { describe, expect, test } from '@jest/globals';
import {
  describeClusters,
  describeServices,
  describeTasks,
  audit,
  EcsPublicEvents,
  historyOf,
  historySubject,
  listServices,
  listTasks,
  resolveCluster,
  startedTaskOutput,
} from '../src/index.ts';
import { expectGolden } from './golden.ts';
import {
  CLUSTER_ARN,
  hexId,
  make,
  runningReport,
  serviceSpec,
  START,
  taskDefinition,
  template,
} from './log-builder.ts';
import { outputOf, World } from './world.ts';

const POOL_HOST = hexId(1, 'c');
const TASK = hexId(1);
const DEPLOYMENT = 'ecs-svc/1234567890123456789';
const INTERFACE = { subnetId: 'subnet-1', macAddress: '02:42:0a:00:00:05', privateIpv4Address: '10.0.0.5' };
const definition = taskDefinition({ networkMode: 'awsvpc', cpu: '256', memory: '512' });
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const fargate = { launchType: 'FARGATE', platformVersion: '1.4.0', ephemeralStorageGiB: 20, networkConfiguration };

/** A host of the pool, and a task of a capacity provider that was placed there. */
function placed(): World {
  const world = new World();
  return world.apply(
    world.cluster.commit([
      make.clusterCreated({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }),
      make.instanceRegistered(POOL_HOST, { launchTypes: ['FARGATE'] }),
    ]),
    world.cluster.commit([
      make.imported(definition),
      make.requested([TASK], template({ ...fargate, capacityProviderName: 'FARGATE_SPOT' }), {
        cpu: 256,
        memory: 512,
        tcpPorts: [],
        udpPorts: [],
      }),
      {
        type: 'TasksPlaced',
        v: 1,
        lastStatus: 'PROVISIONING',
        placements: [{ taskId: TASK, containerInstanceId: POOL_HOST }],
      },
    ]),
  );
}

function running(): World {
  const world = placed();
  return world.apply(
    world.cluster.commit([
      make.changed(TASK, 'RUNNING', { ...runningReport(START + 5_000), networkInterface: INTERFACE }),
    ]),
  );
}

describe('a Fargate task', () => {
  test('as RunTask returns it', () => {
    const world = placed();
    const { view, cluster } = outputOf(resolveCluster(world.views, undefined));
    const task = view.tasks.get(TASK);
    if (task === undefined) throw new Error('the task is gone');
    expectGolden('fargate-task-started', startedTaskOutput(cluster, task));
  });

  test('as it runs', () => {
    expectGolden('fargate-task-running', outputOf(describeTasks(running().views, { tasks: [TASK] })));
  });

  test('as an event', () => {
    const world = placed();
    const commit = world.cluster.commit([make.changed(TASK, 'PENDING', { networkInterface: INTERFACE })]);
    world.apply(commit);
    const [event] = new EcsPublicEvents(world.views).of(commit);
    expectGolden('public-event-of-a-fargate-task', JSON.parse(event?.body ?? 'null'));
  });

  test('is counted and listed by its launch type', () => {
    const { views } = running();
    const [cluster] = outputOf(describeClusters(views, { include: ['STATISTICS'] })).clusters;
    expect(cluster).toMatchObject({ registeredContainerInstancesCount: 0, runningTasksCount: 1 });
    expect(cluster?.statistics?.filter(({ value }) => value !== '0')).toEqual([
      { name: 'runningFargateTasksCount', value: '1' },
    ]);
    expect(outputOf(listTasks(views, { launchType: 'FARGATE' })).taskArns).toHaveLength(1);
    expect(outputOf(listTasks(views, { launchType: 'EC2' })).taskArns).toEqual([]);
  });
});

describe('a service on Fargate', () => {
  /** By its launch type, or by the capacity providers. */
  function service(strategy?: { capacityProvider: string; weight: number; base: number }[]): World {
    const world = new World();
    const spec = serviceSpec({
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      networkConfiguration,
      ...(strategy !== undefined && { capacityProviderStrategy: strategy }),
    });
    return world.apply(
      world.cluster.commit([
        make.clusterCreated(),
        make.imported(definition),
        make.serviceCreated('web', { spec }),
        make.deploymentStarted('web', DEPLOYMENT, { platformVersion: '1.4.0' }),
      ]),
    );
  }

  test('shows the version that was asked for, and its deployment the one that it got', () => {
    expectGolden('fargate-service', outputOf(describeServices(service().views, { services: ['web'] })));
  });

  test('is counted and listed by its launch type, also by that of its capacity providers', () => {
    const { views } = service([{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }]);
    const [shown] = outputOf(describeServices(views, { services: ['web'] })).services;
    expect(shown).toMatchObject({
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
    });
    expect(shown).not.toHaveProperty('launchType');
    expect(outputOf(listServices(views, { launchType: 'FARGATE' })).serviceArns).toHaveLength(1);
    const [cluster] = outputOf(describeClusters(views, { include: ['STATISTICS'] })).clusters;
    expect(cluster?.statistics?.filter(({ value }) => value !== '0')).toEqual([
      { name: 'activeFargateServiceCount', value: '1' },
    ]);
  });
});

test('what was there at a moment has the hosts of the pool for people, and not where the API would answer', () => {
  const { views, cluster } = running();
  const [instances, clusters] = ['container-instances', 'clusters'].map((name) =>
    audit.pictures.find((one) => one.name === name),
  );
  expect(instances?.rows(views, cluster.shard, false)).toEqual([expect.arrayContaining([POOL_HOST, 'FARGATE'])]);
  expect(instances?.outputs(views, cluster.shard, false)).toEqual([]);
  expect(audit.unlistedHosts?.(views)).toEqual([
    { part: 'default', kind: 'FARGATE', id: POOL_HOST, status: 'ACTIVE', connected: true, runningTasks: 1 },
  ]);
  expect(clusters?.rows(views, cluster.shard, false)).toEqual([['default', 'ACTIVE', 0, 1, 0, 0]]);
});

test('the history tells of hosts of the pool and of capacity providers', () => {
  const world = new World();
  const commits = [
    world.cluster.commit([make.clusterCreated(), make.instanceRegistered(POOL_HOST, { launchTypes: ['FARGATE'] })]),
    world.cluster.commit([
      make.imported(definition),
      make.requested([TASK], template({ ...fargate, capacityProviderName: 'FARGATE_SPOT' })),
    ]),
    world.cluster.commit([
      {
        type: 'ContainerInstanceConnected',
        v: 1,
        containerInstanceId: POOL_HOST,
        sessionId: 's-2',
        launchTypes: ['EC2'],
      },
    ]),
  ];
  const linesOf = (arn: string): readonly string[] => {
    const subject = historySubject(arn);
    if (subject === undefined) throw new Error(`nothing has the ARN ${arn}`);
    return [...historyOf(commits, subject)].map(({ summary }) => summary);
  };
  expect(linesOf(CLUSTER_ARN.replace('cluster/', 'task/') + `/${TASK}`)).toEqual([
    'requested from web:1 for group family:web (FARGATE, capacity provider FARGATE_SPOT)',
  ]);
  expect(linesOf(CLUSTER_ARN.replace('cluster/', 'container-instance/') + `/${POOL_HOST}`)).toEqual([
    expect.stringContaining('3936 MiB, for FARGATE'),
    'agent connected again with other launch types (EC2)',
  ]);
});
