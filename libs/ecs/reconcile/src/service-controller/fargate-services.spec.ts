import { describe, expect, test } from '@jest/globals';
import type { ClusterEvent, CreateService, TaskDefinition } from '#libs/ecs/messages';
import { arns } from '#libs/ecs/messages';
import { ServiceWorld, taskDefinition } from '../../spec/service-world.ts';

const FARGATE: Partial<TaskDefinition> = {
  networkMode: 'awsvpc',
  cpu: '1024',
  memory: '2048',
  compatibilities: ['EC2', 'FARGATE'],
};
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const revision = (number: number) => ({ taskDefinition: taskDefinition(number, FARGATE), tags: [] });
const BOTH = [
  { capacityProvider: 'FARGATE', weight: 1, base: 1 },
  { capacityProvider: 'FARGATE_SPOT', weight: 2 },
];

/** A cluster with Fargate's capacity providers and a pool of so many hosts, four tasks each, and one host beside it. */
function world(poolHosts: number): ServiceWorld {
  const made = new ServiceWorld(0);
  made.submit({ type: 'DeleteCluster' });
  made.submit({
    type: 'CreateCluster',
    clusterName: 'blue',
    clusterArn: arns.cluster({ region: 'us-east-1', account: '123456789012' }, 'blue'),
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
  });
  made.register('plain');
  for (let host = 1; host <= poolHosts; host++) made.register(`pool${host}`, {}, { launchTypes: ['FARGATE'] });
  return made;
}

function create(made: ServiceWorld, desiredCount: number, members: Partial<CreateService> = {}): void {
  made.create(desiredCount, {
    resolved: revision(1),
    networkConfiguration,
    ...('capacityProviderStrategy' in members ? {} : { launchType: 'FARGATE' }),
    ...members,
  });
}

function byProvider(made: ServiceWorld): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { template } of made.running) {
    const name = template.capacityProviderName ?? template.launchType;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const messages = (made: ServiceWorld): readonly string[] =>
  made.events.flatMap(({ event }) => (event.type === 'ServiceMessagePosted' ? [event.message] : []));

const last = <Type extends ClusterEvent['type']>(made: ServiceWorld, type: Type) =>
  made.events.findLast(({ event }) => event.type === type)?.event as Extract<ClusterEvent, { type: Type }>;

describe('a service on FARGATE', () => {
  test('reaches its steady state on hosts of the pool', () => {
    const made = world(2);
    create(made, 3);
    made.calm();
    expect(made.running.map(({ instanceId }) => instanceId)).toEqual(['pool1', 'pool1', 'pool1']);
    expect(made.service.spec).toMatchObject({ launchType: 'FARGATE', platformVersion: 'LATEST' });
    expect(last(made, 'DeploymentStarted')).toMatchObject({ platformVersion: '1.4.0' });
    expect(messages(made).at(-1)).toBe('(service web) has reached a steady state.');
  });

  test('says what ECS says without room, and goes on when a host takes its tasks', () => {
    const made = world(0);
    create(made, 2);
    expect(messages(made)).toEqual([
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a ' +
        'different availability zone. Detail: no ACTIVE host of this cluster takes the launch type FARGATE; an agent with ' +
        'WAYBILL_LAUNCH_TYPES=FARGATE adds one.',
    ]);
    made.register('late', {}, { launchTypes: ['FARGATE'] });
    expect(made.live.map(({ instanceId }) => instanceId)).toEqual(['late', 'late']);
  });

  test('names what no host can do', () => {
    const made = world(1);
    create(made, 1, {
      resolved: {
        taskDefinition: taskDefinition(1, { ...FARGATE, runtimePlatform: { cpuArchitecture: 'ARM64' } }),
        tags: [],
      },
    });
    expect(messages(made)).toEqual([
      '(service web) was unable to place a task. Reason: ATTRIBUTE. Detail: missing ecs.cpu-architecture=arm64.',
    ]);
  });

  test('goes on from a snapshot as from the log', () => {
    const made = world(2);
    create(made, 4, { capacityProviderStrategy: BOTH });
    made.calm();
    const reopened = made.reopened();
    for (const one of [made, reopened]) {
      one.update({ desiredCount: 7 });
      one.calm();
    }
    expect(byProvider(reopened)).toEqual(byProvider(made));
  });
});

describe('a service of capacity providers', () => {
  test('divides its tasks, and keeps the shares when it grows and shrinks', () => {
    const made = world(4);
    create(made, 4, { capacityProviderStrategy: BOTH });
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 2, FARGATE_SPOT: 2 });
    made.update({ desiredCount: 10 });
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 4, FARGATE_SPOT: 6 });
    made.update({ desiredCount: 4 });
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 2, FARGATE_SPOT: 2 });
    made.update({ desiredCount: 1 });
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 1 });
  });

  test('gives a task that ended back to its provider', () => {
    const made = world(4);
    create(made, 4, { capacityProviderStrategy: BOTH });
    made.calm();
    for (const task of made.running.filter(({ template }) => template.capacityProviderName === 'FARGATE'))
      made.exit(task);
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 2, FARGATE_SPOT: 2 });
  });

  test('changes its strategy with a new deployment only', () => {
    const made = world(4);
    create(made, 3);
    made.calm();
    expect(() => made.update({ capacityProviderStrategy: BOTH })).toThrow(
      'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity ' +
        'provider strategy on a service that is already using one, you must force a new deployment.',
    );
    made.update({ capacityProviderStrategy: BOTH, forceNewDeployment: true });
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 2, FARGATE_SPOT: 1 });
    // The same again is no change; none at all gives it back to its launch type.
    made.update({ capacityProviderStrategy: BOTH });
    made.update({ capacityProviderStrategy: [], forceNewDeployment: true });
    made.calm();
    expect(byProvider(made)).toEqual({ FARGATE: 3 });
    expect(made.service.spec).not.toHaveProperty('capacityProviderStrategy');
  });

  test('moves from instances to Fargate, where its definition fits', () => {
    const made = world(2);
    made.create(1, { resolved: revision(1), networkConfiguration });
    made.calm();
    made.update({ capacityProviderStrategy: BOTH, forceNewDeployment: true });
    made.calm();
    expect(made.running).toMatchObject([{ instanceId: 'pool1', template: { launchType: 'FARGATE' } }]);
    expect(made.service.spec.platformVersion).toBe('LATEST');
  });

  test('is back at how it was launched when a deployment fails', () => {
    const made = world(2);
    made.create(1, {
      resolved: revision(1),
      networkConfiguration,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    made.calm();
    made.update({ capacityProviderStrategy: BOTH, resolved: revision(2), forceNewDeployment: true });
    for (let i = 0; i < 40 && made.service.deployments[0]?.rollbackOf === null; i++) {
      for (const task of made.live) if (task.template.launchType === 'FARGATE') made.failToStart(task);
      made.advance(60_000);
    }
    made.calm();
    expect(made.service.spec).toMatchObject({ launchType: 'EC2' });
    expect(made.service.spec).not.toHaveProperty('platformVersion');
    expect(made.running).toMatchObject([{ instanceId: 'plain', template: { launchType: 'EC2' } }]);
  });
});

describe('CreateService on FARGATE refuses', () => {
  const both =
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.';
  test.each<[string, Partial<CreateService>, string]>([
    [
      'a definition that does not fit',
      { resolved: { taskDefinition: taskDefinition(1), tags: [] } },
      'Task definition does not support launch_type FARGATE.',
    ],
    [
      'strategies',
      { placementStrategy: [{ type: 'random' }] },
      'Placement strategies are not supported with FARGATE launch type.',
    ],
    [
      'constraints',
      { placementConstraints: [{ type: 'distinctInstance' }] },
      'Placement constraints are not supported with FARGATE launch type.',
    ],
    ['a version that is retired', { platformVersion: '1.3.0' }, 'The specified platform does not exist.'],
    ['both ways to launch', { launchType: 'FARGATE', capacityProviderStrategy: BOTH }, both],
    [
      'no network',
      { networkConfiguration: undefined as never },
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      'a platform version of another launch type',
      { launchType: 'EC2', platformVersion: '1.4.0' },
      'The platform version must be null when specifying an EC2 launch type.',
    ],
  ])('%s', (_, members, message) => {
    expect(() => create(world(1), 1, members)).toThrow(message);
  });

  test('and takes a public address, and another version of the platform with a new deployment', () => {
    const made = world(1);
    create(made, 1, {
      networkConfiguration: { awsvpcConfiguration: { subnets: ['s'], assignPublicIp: 'ENABLED' } },
    });
    made.calm();
    expect(made.update({ platformVersion: '1.4.0' })).toContainEqual(
      expect.objectContaining({ type: 'DeploymentStarted' }),
    );
    expect(() => made.update({ platformVersion: '1.3.0' })).toThrow('The specified platform does not exist.');
  });
});
