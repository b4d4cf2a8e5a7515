import type { ResolvedTaskDefinition } from '#libs/ecs/messages';
import { ClusterRecorder } from '../cluster-recorder.ts';
import { registered } from './account.story.ts';

const POOL_HOST = 'e'.repeat(32);
const LOCAL_HOST = 'f'.repeat(32);
const SERVICE = 'web';
const PROVIDERS = [
  { capacityProvider: 'FARGATE', weight: 1, base: 1 },
  { capacityProvider: 'FARGATE_SPOT', weight: 2 },
];
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'], assignPublicIp: 'ENABLED' as const } };

/**
 * A pool of one host and a host that takes everything: tasks by launch type and by capacity providers, some without room; a
 * service that grows, moves to other capacity providers and shrinks; the host of the pool becomes a container instance.
 */
export function recordFargate(): ClusterRecorder {
  const cluster = new ClusterRecorder();
  cluster.create({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  cluster.wait(1);
  cluster.submit({ type: 'RunTask', resolved: definition(), count: 1, launchType: 'FARGATE', networkConfiguration });
  cluster.openSession(POOL_HOST, { launchTypes: ['FARGATE'] });
  cluster.openSession(LOCAL_HOST, { launchTypes: ['EC2', 'EXTERNAL', 'FARGATE'] });
  standaloneTasks(cluster);
  cluster.look();
  serviceLife(cluster);
  cluster.look();
  cluster.openSession(POOL_HOST);
  cluster.submit({ type: 'UpdateContainerInstancesState', instanceIds: [POOL_HOST], status: 'DRAINING' });
  cluster.calm();
  return cluster;
}

function definition(): ResolvedTaskDefinition {
  const fargate = { networkMode: 'awsvpc', cpu: '256', memory: '512', compatibilities: ['EC2', 'FARGATE'] } as const;
  return { taskDefinition: { ...registered('job', 1), ...fargate }, tags: [] };
}

function standaloneTasks(cluster: ClusterRecorder): void {
  const resolved = definition();
  cluster.submit({
    type: 'RunTask',
    resolved,
    count: 1,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    overrides: { cpu: '512', memory: '1024' },
    networkConfiguration,
  });
  cluster.submit({
    type: 'RunTask',
    resolved,
    count: 6,
    capacityProviderStrategy: PROVIDERS,
    networkConfiguration,
    clientToken: 'both-providers',
    requestHash: 'f'.repeat(64),
  });
  cluster.submit({ type: 'RunTask', resolved: { taskDefinition: registered('plain', 1), tags: [] }, count: 1, launchType: 'EXTERNAL' });
  cluster.calm();
  for (const { taskId } of cluster.tasks) cluster.submit({ type: 'StopTask', taskId });
  cluster.calm();
}

function serviceLife(cluster: ClusterRecorder): void {
  const resolved = definition();
  cluster.submit({ type: 'CreateService', serviceName: SERVICE, resolved, desiredCount: 1, launchType: 'FARGATE', networkConfiguration });
  cluster.calm();
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, capacityProviderStrategy: PROVIDERS, forceNewDeployment: true });
  cluster.calm();
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, desiredCount: 4, platformVersion: '1.4.0' });
  cluster.calm();
  cluster.look();
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, desiredCount: 2 });
  cluster.calm();
}
