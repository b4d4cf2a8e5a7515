import type { Opaque, ServiceSpec } from '#libs/contracts';
import type { ClusterRecord, DeploymentRecord, ServiceRecord } from '../view/records.ts';
import { cachedOutput } from './cached-output.ts';
import type { Members } from './members.ts';

/** A service as DescribeServices answers it (ecs-behaviour §14, §34). */
export function serviceOutput(cluster: ClusterRecord, service: ServiceRecord, withTags: boolean): Opaque {
  return cachedOutput(service, withTags, (to) => writeService(cluster, service, to));
}

function writeService(cluster: ClusterRecord, service: ServiceRecord, to: Members): void {
  const { spec, deployments } = service;
  to.word('serviceArn', service.arn);
  to.word('serviceName', service.serviceName);
  to.word('clusterArn', cluster.clusterArn);
  to.value('loadBalancers', NOTHING);
  to.value('serviceRegistries', NOTHING);
  to.word('status', service.status);
  to.plain('desiredCount', service.desiredCount);
  to.plain('runningCount', service.counts.running);
  to.plain('pendingCount', service.counts.pending);
  writeLaunch(spec, to);
  // The PRIMARY deployment's: after a rollback that is not the last one that was asked for.
  to.word('taskDefinition', deployments[0]?.taskDefinitionArn ?? spec.taskDefinitionArn);
  to.value('deploymentConfiguration', spec.deploymentConfiguration);
  to.list('deployments', deployments, (deployment, members) => writeDeployment(service, deployment, members));
  to.list('events', service.messages.toReversed(), ({ id, createdAt, message }, members) => {
    members.word('id', id);
    members.moment('createdAt', createdAt);
    members.text('message', message);
  });
  to.moment('createdAt', service.createdAt);
  to.text('createdBy', service.createdBy);
  to.value('placementConstraints', spec.placementConstraints);
  to.value('placementStrategy', spec.placementStrategy);
  to.plain('healthCheckGracePeriodSeconds', spec.healthCheckGracePeriodSeconds);
  to.word('schedulingStrategy', spec.schedulingStrategy);
  to.value('deploymentController', DEPLOYMENT_CONTROLLER);
  to.plain('enableECSManagedTags', spec.enableECSManagedTags);
  to.word('propagateTags', spec.propagateTags);
  to.plain('enableExecuteCommand', spec.enableExecuteCommand);
  to.word('availabilityZoneRebalancing', spec.availabilityZoneRebalancing);
}

const NOTHING: readonly never[] = [];
const DEPLOYMENT_CONTROLLER = { type: 'ECS' } as const;

/** Either a launch type or a capacity provider strategy, never both; and the network where one was given. */
function writeLaunch({ capacityProviderStrategy, launchType, networkConfiguration }: ServiceSpec, to: Members): void {
  if (capacityProviderStrategy !== undefined && capacityProviderStrategy.length > 0) {
    to.value('capacityProviderStrategy', capacityProviderStrategy);
  } else {
    to.word('launchType', launchType);
  }
  to.value('networkConfiguration', networkConfiguration);
}

function writeDeployment(service: ServiceRecord, deployment: DeploymentRecord, to: Members): void {
  const primary = deployment === service.deployments[0];
  to.word('id', deployment.deploymentId);
  to.word('status', primary ? 'PRIMARY' : service.status === 'ACTIVE' ? 'ACTIVE' : 'DRAINING');
  to.word('taskDefinition', deployment.taskDefinitionArn);
  // An older deployment wants no more than it still has: the count goes down as its tasks are stopped.
  to.plain('desiredCount', primary ? service.desiredCount : deployment.wanted);
  to.plain('pendingCount', deployment.counts.pending);
  to.plain('runningCount', deployment.counts.running);
  to.plain('failedTasks', deployment.failedTasks);
  to.moment('createdAt', deployment.createdAt);
  to.moment('updatedAt', deployment.updatedAt);
  writeLaunch(deployment.spec, to);
  to.word('rolloutState', deployment.rolloutState);
  to.text('rolloutStateReason', deployment.rolloutStateReason);
}
