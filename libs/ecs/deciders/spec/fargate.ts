import type { CreateCluster, HostLaunchType, RunTask, TaskDefinition } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, resolved, RESOURCES } from './cluster-builder.ts';

/** A definition that Fargate takes: 256 CPU units, 512 MiB. */
export const FARGATE_DEFINITION: Partial<TaskDefinition> = {
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  compatibilities: ['EC2', 'FARGATE', 'MANAGED_INSTANCES'],
};

export const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

/** A request for Fargate tasks. */
export function onFargate(members: Partial<RunTask> = {}): Partial<RunTask> {
  return { resolved: resolved(FARGATE_DEFINITION), launchType: 'FARGATE', networkConfiguration: NETWORK, ...members };
}

/** The same by the cluster's capacity providers. */
export function byStrategy(...items: NonNullable<RunTask['capacityProviderStrategy']>): Partial<RunTask> {
  const { launchType: _launchType, ...members } = onFargate();
  return { ...members, capacityProviderStrategy: items };
}

/** A cluster with the scheduler, and both of Fargate's capacity providers unless said otherwise. */
export function fargateCluster(members: Partial<CreateCluster> = {}): ClusterUnderTest {
  return new ClusterUnderTest([schedulerSaga]).createCluster({
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    ...members,
  });
}

/** A host of 2 vCPU and 4 GiB in a zone. */
export function host(zone: string, launchTypes: readonly HostLaunchType[], members: Partial<typeof RESOURCES> = {}) {
  return {
    launchTypes,
    attributes: [{ name: 'ecs.availability-zone', value: zone }],
    resources: { ...RESOURCES, ...members },
  };
}
