import { describe, expect, test } from '@jest/globals';
import type { ServiceUpdated, UpdateService } from '#libs/ecs/messages';
import { appContainer, ClusterUnderTest, resolved } from '../../spec/cluster-builder.ts';

const SUBNETS = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

function service(networkMode: 'awsvpc' | 'bridge' = 'bridge'): ClusterUnderTest {
  const cluster = new ClusterUnderTest().createCluster();
  cluster.accept({
    type: 'CreateService',
    serviceName: 'web',
    resolved: resolved({ networkMode }),
    desiredCount: 2,
    placementStrategy: [{ type: 'random' }],
    ...(networkMode === 'awsvpc' ? { networkConfiguration: SUBNETS } : {}),
  });
  return cluster;
}

function update(members: Partial<UpdateService>): UpdateService {
  return { type: 'UpdateService', serviceName: 'web', ...members };
}

describe('UpdateService', () => {
  test.each<[string, Partial<UpdateService>, string[]]>([
    ['nothing', {}, []],
    ['the same revision', { resolved: resolved() }, []],
    ['the same count', { desiredCount: 2 }, []],
    ['another count', { desiredCount: 3 }, ['ServiceUpdated']],
    [
      'another revision',
      { resolved: resolved({ revision: 2 }) },
      ['TaskDefinitionImported', 'ServiceUpdated', 'DeploymentStarted'],
    ],
    ['forceNewDeployment', { forceNewDeployment: true }, ['DeploymentStarted']],
    ['forceNewDeployment: false', { forceNewDeployment: false }, []],
    ['percentages', { deploymentConfiguration: { maximumPercent: 150 } }, ['ServiceUpdated']],
    ['placement', { placementStrategy: [] }, ['ServiceUpdated']],
    [
      'flags',
      { enableECSManagedTags: true, propagateTags: 'SERVICE', enableExecuteCommand: false },
      ['ServiceUpdated'],
    ],
    [
      'a full configuration without rebalancing',
      { deploymentConfiguration: { maximumPercent: 100 }, availabilityZoneRebalancing: 'DISABLED' },
      ['ServiceUpdated'],
    ],
  ])('%s', (_, members, types) => {
    expect(
      service()
        .accept(update(members))
        .map(({ type }) => type),
    ).toEqual(types);
  });

  test('only another network configuration starts a deployment', () => {
    const other = { awsvpcConfiguration: { subnets: ['subnet-2'] } };
    expect(service('awsvpc').accept(update({ networkConfiguration: SUBNETS }))).toEqual([]);
    expect(
      service('awsvpc')
        .accept(update({ networkConfiguration: other }))
        .map(({ type }) => type),
    ).toEqual(['ServiceUpdated', 'DeploymentStarted']);
  });

  test('keeps what is left out and takes away what is empty', () => {
    const [event] = service().accept(update({ deploymentConfiguration: { minimumHealthyPercent: 50 } }));
    expect((event as ServiceUpdated).spec).toMatchObject({
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
      placementStrategy: [{ type: 'random' }],
    });
    const [emptied] = service().accept(update({ placementStrategy: [] }));
    expect((emptied as ServiceUpdated).spec?.placementStrategy).toEqual([]);
  });

  test('tells only what differs', () => {
    expect(service().accept(update({ desiredCount: 4 }))).toEqual([
      { type: 'ServiceUpdated', v: 1, serviceName: 'web', desiredCount: 4 },
    ]);
  });

  test.each<[string, string, Partial<UpdateService>]>([
    ['InvalidParameter', 'Task count can not be lesser than 0', { desiredCount: -1 }],
    ['InvalidParameter', 'Task count must be a whole number of at most 5000', { desiredCount: 6_000 }],
    ['Unsupported', 'enableExecuteCommand', { enableExecuteCommand: true }],
    ['Unsupported', 'The deployment controller CODE_DEPLOY', { deploymentController: { type: 'CODE_DEPLOY' } }],
    [
      'InvalidParameter',
      'The specified capacity provider was not found.',
      { capacityProviderStrategy: [{ capacityProvider: 'p' }], resolved: resolved() },
    ],
    ['InvalidParameter', 'Health check grace period is only valid', { healthCheckGracePeriodSeconds: 5 }],
    ['InvalidParameter', 'maximumPercent', { deploymentConfiguration: { maximumPercent: 0 } }],
    [
      'InvalidParameter',
      'Network Configuration must be provided',
      { resolved: resolved({ revision: 2, networkMode: 'awsvpc' }) },
    ],
    [
      'InvalidParameter',
      "The service couldn't be updated because Availability Zone Rebalancing does not support maximumPercent <= 100 % as " +
        'deployment configuration. Update deployment configuration and try again.',
      { availabilityZoneRebalancing: 'ENABLED', deploymentConfiguration: { maximumPercent: 100 } },
    ],
    [
      'Unsupported',
      'The deployment configuration member strategy',
      { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
    ],
    ['ServiceNotFound', 'Service not found.', { serviceName: 'other' }],
  ])('%s: %s', (code, message, members) => {
    const cluster = service();
    const before = cluster.history.length;
    expect(cluster.submit(update(members))).toMatchObject({
      rejection: { code, message: expect.stringContaining(message) },
    });
    expect(cluster.history).toHaveLength(before);
  });

  test('a service that is going takes none', () => {
    const cluster = service();
    cluster.accept({ type: 'DeleteService', serviceName: 'web', force: true });
    expect(cluster.submit(update({ desiredCount: 1 }))).toMatchObject({
      rejection: { code: 'ServiceNotActive', message: 'Service was not ACTIVE.' },
    });
  });

  test('a new deployment is PRIMARY and forgets what went wrong before', () => {
    const cluster = service();
    cluster.accept(
      update({
        resolved: resolved({
          revision: 2,
          containerDefinitions: [appContainer({ healthCheck: { command: ['CMD'] } })],
        }),
      }),
    );
    const deployments = cluster.state.services.get('web')?.deployments;
    expect(deployments).toMatchObject([
      { rolloutState: 'IN_PROGRESS', hasHealthCheck: true },
      { rolloutState: 'IN_PROGRESS', hasHealthCheck: false },
    ]);
  });
});
