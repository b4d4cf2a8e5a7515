import type { Opaque, ServiceSpec } from '#libs/contracts';
import type { ClusterRecord, DeploymentRecord, ServiceRecord } from '../view/records.ts';
import { cachedOutput } from './cached-output.ts';
import { epochSeconds, put } from './wire.ts';
import type { WireDraft } from './wire.ts';

/** A service as DescribeServices answers it (ecs-behaviour §14, §34). */
export function serviceOutput(cluster: ClusterRecord, service: ServiceRecord, withTags: boolean): Opaque {
  return cachedOutput(service, withTags, () => buildService(cluster, service));
}

function buildService(cluster: ClusterRecord, service: ServiceRecord): Opaque {
  const { spec, deployments } = service;
  const draft: WireDraft = {
    serviceArn: service.arn,
    serviceName: service.serviceName,
    clusterArn: cluster.clusterArn,
    loadBalancers: [],
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: service.counts.running,
    pendingCount: service.counts.pending,
    // The PRIMARY deployment's: after a rollback that is not the last one that was asked for.
    taskDefinition: deployments[0]?.taskDefinitionArn ?? spec.taskDefinitionArn,
    deploymentConfiguration: spec.deploymentConfiguration,
    deployments: service.status === 'INACTIVE' ? [] : deployments.map((_, index) => buildDeployment(service, index)),
    events: service.messages.map((line) => ({ ...line, createdAt: epochSeconds(line.createdAt) })).reverse(),
    createdAt: epochSeconds(service.createdAt),
    placementConstraints: spec.placementConstraints,
    placementStrategy: spec.placementStrategy,
    schedulingStrategy: spec.schedulingStrategy,
    deploymentController: { type: 'ECS' },
    createdBy: service.createdBy,
    enableECSManagedTags: spec.enableECSManagedTags,
    propagateTags: spec.propagateTags,
    enableExecuteCommand: spec.enableExecuteCommand,
    availabilityZoneRebalancing: spec.availabilityZoneRebalancing,
  };
  putLaunch(draft, spec);
  put(draft, 'healthCheckGracePeriodSeconds', spec.healthCheckGracePeriodSeconds);
  return draft;
}

/** Either a launch type or a capacity provider strategy, never both; and the network where one was given. */
function putLaunch(draft: WireDraft, spec: ServiceSpec): void {
  const { capacityProviderStrategy, launchType, networkConfiguration } = spec;
  if (capacityProviderStrategy !== undefined && capacityProviderStrategy.length > 0) {
    draft['capacityProviderStrategy'] = capacityProviderStrategy;
  } else {
    draft['launchType'] = launchType;
  }
  put(draft, 'networkConfiguration', networkConfiguration);
}

function buildDeployment(service: ServiceRecord, index: number): Opaque {
  const deployment = service.deployments[index] as DeploymentRecord;
  const primary = index === 0;
  const draft: WireDraft = {
    id: deployment.deploymentId,
    status: primary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: deployment.taskDefinitionArn,
    // An older deployment wants no more than it still has: the count goes down as its tasks are stopped.
    desiredCount: primary ? service.desiredCount : deployment.wanted,
    pendingCount: deployment.counts.pending,
    runningCount: deployment.counts.running,
    failedTasks: deployment.failedTasks,
    createdAt: epochSeconds(deployment.createdAt),
    updatedAt: epochSeconds(deployment.updatedAt),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
  putLaunch(draft, deployment.spec);
  return draft;
}
