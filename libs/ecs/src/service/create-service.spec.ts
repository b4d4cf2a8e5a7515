import { describe, expect, test } from '@jest/globals';
import type { CreateService } from '#libs/contracts';
import { appContainer, ClusterUnderTest, resolved } from '../spec-support/cluster-builder.ts';

function createService(members: Partial<CreateService> = {}): CreateService {
  return { type: 'CreateService', serviceName: 'web', resolved: resolved(), desiredCount: 2, ...members };
}

const RESOLVED_WITH_CHECK = resolved({
  containerDefinitions: [appContainer({ healthCheck: { command: ['CMD', 'true'] } })],
});

describe('CreateService', () => {
  test('records the revision, the service with its defaults, and the first deployment', () => {
    const cluster = new ClusterUnderTest().createCluster();
    const [imported, created, started] = cluster.accept(createService({ tags: [{ key: 'team', value: 'a' }] }));
    expect(imported).toMatchObject({ type: 'TaskDefinitionImported' });
    expect(created).toEqual({
      type: 'ServiceCreated',
      v: 1,
      serviceName: 'web',
      spec: {
        taskDefinitionArn: resolved().taskDefinition.taskDefinitionArn,
        launchType: 'EC2',
        placementConstraints: [],
        placementStrategy: [],
        schedulingStrategy: 'REPLICA',
        deploymentConfiguration: {
          deploymentCircuitBreaker: { enable: false, rollback: false },
          maximumPercent: 200,
          minimumHealthyPercent: 100,
          strategy: 'ROLLING',
          bakeTimeInMinutes: 0,
        },
        enableECSManagedTags: false,
        propagateTags: 'NONE',
        enableExecuteCommand: false,
        availabilityZoneRebalancing: 'DISABLED',
      },
      desiredCount: 2,
      tags: [{ key: 'team', value: 'a' }],
      taskDefinitionTags: [],
      requestHash: expect.any(String),
      createdBy: 'arn:aws:iam::123456789012:root',
    });
    expect(started).toEqual({
      type: 'DeploymentStarted',
      v: 1,
      serviceName: 'web',
      deploymentId: expect.stringMatching(/^ecs-svc\/[1-9]\d{18}$/),
      taskDefinitionArn: resolved().taskDefinition.taskDefinitionArn,
      reason: expect.stringMatching(/^ECS deployment ecs-svc\/\d{19} in progress\.$/),
    });
  });

  test('imports a revision once', () => {
    const cluster = new ClusterUnderTest().createCluster();
    cluster.accept(createService());
    expect(cluster.accept(createService({ serviceName: 'other' })).map(({ type }) => type)).toEqual([
      'ServiceCreated',
      'DeploymentStarted',
    ]);
  });

  test.each<[string, Partial<CreateService>, Partial<CreateService>]>([
    ['the same members', {}, {}],
    ['the same members in any order and another token', { clientToken: 'a' }, { clientToken: 'b' }],
    ['the same token', { clientToken: 'a' }, { clientToken: 'a', desiredCount: 3 }],
  ])('is a success that changes nothing when it comes again with %s', (_, first, second) => {
    const cluster = new ClusterUnderTest().createCluster();
    cluster.accept(createService(first));
    expect(cluster.accept(createService(second))).toEqual([]);
  });

  const GRACE_TEXT = 'Health check grace period is only valid for services configured to use load balancers';
  test.each<[string, string, Partial<CreateService>]>([
    ['InvalidParameter', 'serviceName must have 1 to 255 characters', { serviceName: 'a b' }],
    ['InvalidParameter', 'clientToken must have 1 to 36 characters', { clientToken: 'x'.repeat(37) }],
    ['InvalidParameter', 'desiredCount must be between 0 and 5000.', { desiredCount: -1 }],
    ['InvalidParameter', 'desiredCount must be between 0 and 5000.', { desiredCount: 5_001 }],
    ['InvalidParameter', 'desiredCount must be between 0 and 5000.', { desiredCount: 1.5 }],
    ['InvalidParameter', 'Task definition does not support launch_type FARGATE.', { launchType: 'FARGATE' }],
    [
      'InvalidParameter',
      'The specified capacity provider was not found.',
      { capacityProviderStrategy: [{ capacityProvider: 'p' }] },
    ],
    ['InvalidParameter', 'Invalid placement constraint type: x.', { placementConstraints: [{ type: 'x' }] }],
    ['InvalidParameter', 'Invalid expression', { placementConstraints: [{ type: 'memberOf', expression: '((' }] }],
    ['InvalidParameter', 'Invalid placement strategy', { placementStrategy: [{ type: 'spread' }] }],
    [
      'InvalidParameter',
      'Network Configuration is not valid for the given networkMode',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } } },
    ],
    [
      'InvalidParameter',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      { resolved: resolved({ networkMode: 'awsvpc' }) },
    ],
    ['InvalidParameter', GRACE_TEXT, { healthCheckGracePeriodSeconds: 5 }],
    [
      'InvalidParameter',
      'healthCheckGracePeriodSeconds must be between 0 and 2147483647.',
      { healthCheckGracePeriodSeconds: -1, resolved: RESOLVED_WITH_CHECK },
    ],
    ['InvalidParameter', 'Invalid propagateTags value: ALL.', { propagateTags: 'ALL' }],
    ['InvalidParameter', 'Invalid scheduling strategy: SOME.', { schedulingStrategy: 'SOME' }],
    ['InvalidParameter', 'Duplicate tag keys found', { tags: [{ key: 'a' }, { key: 'a' }] }],
    ['InvalidParameter', 'maximumPercent must be', { deploymentConfiguration: { maximumPercent: 99 } }],
    ['InvalidParameter', 'minimumHealthyPercent must be', { deploymentConfiguration: { minimumHealthyPercent: 101 } }],
    ['Unsupported', 'The scheduling strategy DAEMON is not', { schedulingStrategy: 'DAEMON' }],
    ['Unsupported', 'The deployment controller EXTERNAL is not', { deploymentController: { type: 'EXTERNAL' } }],
    ['Unsupported', 'The deployment controller CODE_DEPLOY', { deploymentController: { type: 'CODE_DEPLOY' } }],
    ['Unsupported', 'The service member loadBalancers', { loadBalancers: [{ targetGroupArn: 'arn' }] }],
    ['Unsupported', 'The service member serviceRegistries', { serviceRegistries: [{ registryArn: 'arn' }] }],
    ['Unsupported', 'Availability Zone rebalancing', { availabilityZoneRebalancing: 'ENABLED' }],
    [
      'Unsupported',
      'The deployment configuration member strategy',
      { deploymentConfiguration: { strategy: 'CANARY' } },
    ],
    [
      'Unsupported',
      'The deployment configuration member alarms',
      { deploymentConfiguration: { alarms: { alarmNames: ['a'], enable: true, rollback: true } } },
    ],
  ])('%s: %s', (code, message, members) => {
    const cluster = new ClusterUnderTest().createCluster();
    const outcome = cluster.submit(createService(members));
    expect(outcome).toMatchObject({ rejection: { code, message: expect.stringContaining(message) } });
    expect(cluster.state.services.size).toBe(0);
  });

  test('needs a desired count', () => {
    const cluster = new ClusterUnderTest().createCluster();
    expect(cluster.submit({ type: 'CreateService', serviceName: 'web', resolved: resolved() })).toMatchObject({
      rejection: { code: 'InvalidParameter' },
    });
  });

  test.each<[string, Partial<CreateService>]>([
    ['empty lists', { loadBalancers: [], serviceRegistries: [], capacityProviderStrategy: [] }],
    [
      'features that are off',
      {
        availabilityZoneRebalancing: 'DISABLED',
        deploymentConfiguration: {
          strategy: 'ROLLING',
          bakeTimeInMinutes: 0,
          lifecycleHooks: [],
          alarms: { alarmNames: [], enable: false, rollback: false },
        },
      },
    ],
    [
      'a grace period for a container health check',
      { healthCheckGracePeriodSeconds: 60, resolved: RESOLVED_WITH_CHECK },
    ],
    ['the controller that is the default', { deploymentController: { type: 'ECS' }, schedulingStrategy: 'REPLICA' }],
  ])('takes %s', (_, members) => {
    const cluster = new ClusterUnderTest().createCluster();
    expect(cluster.accept(createService(members))).toHaveLength(3);
  });

  test('refuses what the gateway passed through and nobody would act on', () => {
    const cluster = new ClusterUnderTest().createCluster();
    const withServiceConnect = (enabled: boolean) => ({
      ...createService(),
      serviceConnectConfiguration: { enabled },
    });
    expect(cluster.submit(withServiceConnect(true))).toMatchObject({ rejection: { code: 'Unsupported' } });
    expect(cluster.accept(withServiceConnect(false))).toHaveLength(3);
  });

  test('an unknown or deleted cluster takes none', () => {
    const cluster = new ClusterUnderTest();
    expect(cluster.submit(createService())).toMatchObject({
      rejection: { code: 'ClusterNotFound', message: 'Cluster not found.' },
    });
  });

  test('a name is taken until the service is INACTIVE', () => {
    const cluster = new ClusterUnderTest().createCluster();
    cluster.accept(createService());
    expect(cluster.submit(createService({ desiredCount: 9 }))).toMatchObject({
      rejection: { code: 'InvalidParameter', message: 'Creation of service was not idempotent.' },
    });
    cluster.accept({ type: 'DeleteService', serviceName: 'web', force: true });
    expect(cluster.submit(createService())).toMatchObject({
      rejection: { code: 'InvalidParameter', message: 'Unable to Start a service that is still Draining.' },
    });
    cluster.accept({ type: 'CloseService', serviceName: 'web' });
    expect(cluster.accept(createService())).toHaveLength(2);
  });
});
