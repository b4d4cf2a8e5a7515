import { describe, expect, test } from '@jest/globals';
import { ApiWorld, arn, definition, HOST, OTHER_HOST } from './api-world.ts';

const FARGATE = definition('job', {
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  requiresCompatibilities: ['FARGATE'],
});
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const ATTRIBUTES = [
  { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' },
  { name: 'ecs.capability.task-eni' },
];
const instance = arn(`container-instance/default/${HOST}`);

/** Cluster `default` with one host of the pool. */
function given(): ApiWorld {
  return new ApiWorld()
    .given(['CreateCluster', { capacityProviders: ['FARGATE'] }], ['RegisterTaskDefinition', FARGATE])
    .joined(HOST, 'default', { launchTypes: ['FARGATE'], attributes: ATTRIBUTES });
}

describe('a host of the Fargate pool', () => {
  test.each<[string, object, object]>([
    ['ListContainerInstances', {}, { containerInstanceArns: [] }],
    [
      'DescribeContainerInstances',
      { containerInstances: [HOST] },
      { containerInstances: [], failures: [{ arn: instance, reason: 'MISSING' }] },
    ],
    ['DescribeClusters', {}, { clusters: [{ registeredContainerInstancesCount: 0 }] }],
    ['ListAttributes', { targetType: 'container-instance' }, { attributes: [] }],
    [
      'UpdateContainerInstancesState',
      { containerInstances: [HOST], status: 'DRAINING' },
      { failures: [{ reason: 'MISSING' }] },
    ],
    [
      'StartTask',
      { taskDefinition: 'job', containerInstances: [HOST], networkConfiguration },
      { tasks: [], failures: [{ arn: instance, reason: 'MISSING' }] },
    ],
  ])('is not there for %s', (name, input, output) => {
    expect(given().run(name, { ...input })).toMatchObject({ output });
  });

  test.each<[string, object]>([
    ['PutAttributes', { attributes: [{ name: 'a', targetId: HOST }] }],
    ['ListTasks', { containerInstance: HOST }],
    ['TagResource', { resourceArn: instance, tags: [{ key: 'a', value: 'b' }] }],
  ])('is unknown to %s', (name, input) => {
    expect(given().run(name, { ...input })).toHaveProperty('rejection');
  });

  test('runs Fargate tasks, which do not show it', () => {
    const outcome = given().run('RunTask', { taskDefinition: 'job', launchType: 'FARGATE', networkConfiguration });
    expect(outcome).toMatchObject({
      output: { tasks: [{ launchType: 'FARGATE', platformVersion: '1.4.0', platformFamily: 'Linux' }], failures: [] },
    });
    expect(JSON.stringify(outcome)).not.toContain(HOST);
  });

  test('can be taken away by its id, and is shown for the last time', () => {
    const world = given().joined(OTHER_HOST);
    expect(world.run('DeregisterContainerInstance', { containerInstance: HOST })).toMatchObject({
      output: { containerInstance: { containerInstanceArn: instance, status: 'INACTIVE' } },
    });
    expect(world.run('ListContainerInstances')).toMatchObject({
      output: { containerInstanceArns: [expect.stringContaining(OTHER_HOST)] },
    });
  });
});

test('without a host that takes Fargate tasks RunTask says what ECS says, and how to add one', () => {
  const world = new ApiWorld().given(['CreateCluster', {}], ['RegisterTaskDefinition', FARGATE]).joined();
  expect(
    world.run('RunTask', { taskDefinition: 'job', launchType: 'FARGATE', networkConfiguration, count: 2 }),
  ).toEqual({
    output: {
      tasks: [],
      failures: [
        {
          reason: 'Capacity is unavailable at this time. Please try again later or in a different availability zone',
          detail:
            'no ACTIVE host of this cluster takes the launch type FARGATE; an agent with WAYBILL_LAUNCH_TYPES=FARGATE adds one',
        },
      ],
    },
  });
});

test('a platform version that does not exist is an error of its own', () => {
  const input = { taskDefinition: 'job', launchType: 'FARGATE', networkConfiguration, platformVersion: '9.9.9' };
  expect(given().run('RunTask', input)).toEqual({
    rejection: { code: 'PlatformUnknown', message: 'The specified platform does not exist.' },
  });
});
