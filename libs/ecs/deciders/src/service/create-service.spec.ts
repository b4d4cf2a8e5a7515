import { describe, expect, test } from '@jest/globals';
import type { CreateService, PlacementConstraint, PlacementStrategy } from '#libs/ecs/messages';
import { appContainer, ClusterUnderTest, resolved } from '../../spec/cluster-builder.ts';

/** Also members that no command names: gateways pass on whatever the model of ECS has. */
type Members = Partial<CreateService> & Readonly<Record<string, unknown>>;

const tag = (key: string) => ({ key, value: '' });

function createService(members: Members = {}): CreateService {
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
          deploymentCircuitBreaker: {
            enable: false,
            rollback: false,
            resetOnHealthyTask: true,
            thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
          },
          maximumPercent: 200,
          minimumHealthyPercent: 100,
          strategy: 'ROLLING',
          bakeTimeInMinutes: 0,
        },
        enableECSManagedTags: false,
        propagateTags: 'NONE',
        enableExecuteCommand: false,
        availabilityZoneRebalancing: 'ENABLED',
      },
      desiredCount: 2,
      tags: [{ key: 'team', value: 'a' }],
      taskDefinitionTags: [],
      createdBy: 'arn:aws:iam::123456789012:root',
    });
    expect(started).toEqual({
      type: 'DeploymentStarted',
      v: 1,
      serviceName: 'web',
      deploymentId: expect.stringMatching(/^ecs-svc\/[1-9]\d{18}$/),
      taskDefinitionArn: resolved().taskDefinition.taskDefinitionArn,
      hasHealthCheck: false,
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

  const first = { clientToken: 'a', requestHash: 'same', tags: [{ key: 'a', value: 'b' }] };

  test('is a success that changes nothing when it comes again with its token; the tags do not count', () => {
    const cluster = new ClusterUnderTest().createCluster();
    cluster.accept(createService(first));
    expect(cluster.accept(createService({ ...first, tags: [] }))).toEqual([]);
    expect(cluster.state.services.get('web')?.tags).toEqual(first.tags);
  });

  test.each<[string, Members]>([
    ['another token', { clientToken: 'b', requestHash: 'same' }],
    ['no token', {}],
    ['its token and something else', { clientToken: 'a', requestHash: 'other' }],
  ])('is not idempotent when it comes again with %s', (_, again) => {
    const cluster = new ClusterUnderTest().createCluster();
    cluster.accept(createService(first));
    expect(cluster.submit(createService(again))).toEqual({
      rejection: { code: 'InvalidParameter', message: 'Creation of service was not idempotent.' },
    });
  });

  test('one token makes two services of two names', () => {
    const cluster = new ClusterUnderTest().createCluster();
    cluster.accept(createService({ clientToken: 'a' }));
    expect(cluster.accept(createService({ clientToken: 'a', serviceName: 'other' }))).toHaveLength(2);
  });

  const GRACE_TEXT = 'Health check grace period is only valid for services configured to use load balancers';
  test.each<[string, string, Members]>([
    ['InvalidParameter', 'serviceName must have 1 to 255 characters', { serviceName: 'a b' }],
    ['InvalidParameter', 'idempotency token longer than 36.', { clientToken: 'x'.repeat(37) }],
    ['InvalidParameter', 'clientToken must have 1 to 36 characters', { clientToken: 'a b' }],
    ['InvalidParameter', 'DesiredCount can not be lesser than 0', { desiredCount: -1 }],
    ['InvalidParameter', 'DesiredCount must be a whole number of at most 5000', { desiredCount: 5_001 }],
    ['InvalidParameter', 'DesiredCount must be a whole number of at most 5000', { desiredCount: 1.5 }],
    ['Unsupported', 'The launch type MANAGED_INSTANCES is not supported', { launchType: 'MANAGED_INSTANCES' }],
    [
      'InvalidParameter',
      'Specifying both a launch type and capacity provider strategy is not supported.',
      { launchType: 'EC2', capacityProviderStrategy: [{ capacityProvider: 'p' }] },
    ],
    ['Unsupported', 'enableExecuteCommand is not supported', { enableExecuteCommand: true }],
    [
      'InvalidParameter',
      'The specified capacity provider was not found.',
      { capacityProviderStrategy: [{ capacityProvider: 'p' }] },
    ],
    ['InvalidParameter', 'Invalid placement constraint type: x.', { placementConstraints: [{ type: 'x' as never }] }],
    ['InvalidParameter', 'Invalid expression', { placementConstraints: [{ type: 'memberOf', expression: '((' }] }],
    ['InvalidParameter', 'Invalid placement strategy', { placementStrategy: [{ type: 'spread' }] }],
    [
      'InvalidParameter',
      'Invalid placement strategy',
      { placementStrategy: [{ type: 'spread', field: `attribute:${'x'.repeat(129)}` }] },
    ],
    [
      'InvalidParameter',
      'deploymentConfiguration length must be at most 8192.',
      { deploymentConfiguration: { alarms: { alarmNames: ['x'.repeat(9_000)], enable: false, rollback: false } } },
    ],
    [
      'InvalidParameter',
      'A placement strategy needs a type: random, spread or binpack.',
      { placementStrategy: [{ field: 'cpu' } as PlacementStrategy] },
    ],
    [
      'InvalidParameter',
      'A placement constraint needs a type: distinctInstance or memberOf.',
      { placementConstraints: [{ expression: 'a == b' } as PlacementConstraint] },
    ],
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
    [
      'InvalidParameter',
      'propagateTags should be one of [TASK_DEFINITION,SERVICE,NONE]',
      { propagateTags: 'ALL' as never },
    ],
    [
      'InvalidParameter',
      'Scheduling strategy should be one of [REPLICA,DAEMON]',
      { schedulingStrategy: 'SOME' as never },
    ],
    ['InvalidParameter', 'Duplicate tag keys found', { tags: [tag('a'), tag('a')] }],
    ['InvalidParameter', 'maximumPercent must be at least 100', { deploymentConfiguration: { maximumPercent: 99 } }],
    [
      'InvalidParameter',
      'minimumHealthyPercent must be at most 100',
      { deploymentConfiguration: { minimumHealthyPercent: 101 } },
    ],
    [
      'InvalidParameter',
      'minimumHealthyPercent must be at least 0',
      { deploymentConfiguration: { minimumHealthyPercent: -1 } },
    ],
    ...[
      [{ type: 'COUNT', value: 0 }, 'Invalid deployment circuit breaker threshold value.'] as const,
      [{ type: 'BOUNDED_PERCENT', value: 101 }, 'Invalid deployment circuit breaker threshold value.'] as const,
      [{ type: 'BOGUS' as never, value: 1 }, 'Invalid deployment circuit breaker threshold type.'] as const,
    ].map(([thresholdConfiguration, message]): [string, string, Members] => [
      'InvalidParameter',
      message,
      {
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration } },
      },
    ]),
    [
      'InvalidParameter',
      'The daemon scheduling strategy does not support a desired count for services.',
      { schedulingStrategy: 'DAEMON', launchType: 'FARGATE' },
    ],
    ['Unsupported', 'The deployment controller EXTERNAL is not', { deploymentController: { type: 'EXTERNAL' } }],
    ['Unsupported', 'The deployment controller CODE_DEPLOY', { deploymentController: { type: 'CODE_DEPLOY' } }],
    ['Unsupported', 'The service member loadBalancers', { loadBalancers: [{ targetGroupArn: 'arn' }] }],
    ['Unsupported', 'The service member serviceRegistries', { serviceRegistries: [{ registryArn: 'arn' }] }],
    [
      'Unsupported',
      'The service member monitoring',
      { monitoring: { metricConfigurations: [{ resolutionSeconds: 20 }] } },
    ],
    ['Unsupported', 'The service member somethingNew', { somethingNew: 7 }],
    [
      'InvalidParameter',
      "The service couldn't be created because Availability Zone Rebalancing does not support maximumPercent <= 100 %",
      { availabilityZoneRebalancing: 'ENABLED', deploymentConfiguration: { maximumPercent: 100 } },
    ],
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
    expect(cluster.submit({ type: 'CreateService', serviceName: 'web', resolved: resolved() })).toEqual({
      rejection: { code: 'InvalidParameter', message: 'DesiredCount is missing' },
    });
    const daemon = {
      type: 'CreateService',
      serviceName: 'web',
      resolved: resolved(),
      schedulingStrategy: 'DAEMON',
    } as const;
    expect(cluster.submit({ ...daemon, launchType: 'FARGATE' })).toEqual({
      rejection: {
        code: 'InvalidParameter',
        message:
          'The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again',
      },
    });
    expect(cluster.submit(daemon)).toEqual({
      rejection: { code: 'Unsupported', message: 'The scheduling strategy DAEMON is not supported by this version.' },
    });
  });

  test.each<[string, Members]>([
    ['empty lists', { loadBalancers: [], serviceRegistries: [], capacityProviderStrategy: [] }],
    ['monitoring of nothing', { monitoring: { metricConfigurations: [] } }],
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
