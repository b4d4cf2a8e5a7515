import { arns, lastPathElement } from '#libs/ecs/messages';
import type { ServiceOutput, ServiceSpec } from '#libs/ecs/messages';
import type { ClusterRecord, DeploymentRecord, ServiceRecord } from '../view/records.ts';
import { cachedOutput } from './cached-output.ts';
import type { Members } from './members.ts';
import { platformFamily } from './platform.output.ts';

/** A service as DescribeServices answers it. */
export function serviceOutput(cluster: ClusterRecord, service: ServiceRecord, withTags: boolean): ServiceOutput {
  return cachedOutput(service, withTags, 'absent', (to) => writeService(cluster, service, to));
}

/** The same service as DeleteService answers it: ECS leaves out what only a service that goes on needs. */
export function deletedServiceOutput(service: ServiceOutput): ServiceOutput {
  const { currentServiceRevisions: _revisions, deploymentConfiguration: configuration = {}, ...others } = service;
  const { bakeTimeInMinutes: _bakeTime, deploymentCircuitBreaker: breaker, ...ofDeployments } = configuration;
  return {
    ...others,
    deploymentConfiguration: {
      ...ofDeployments,
      ...(breaker && { deploymentCircuitBreaker: { enable: breaker.enable, rollback: breaker.rollback } }),
    },
  };
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
  writePlatform(spec, spec.platformVersion, deployments[0], to);
  // The PRIMARY deployment's: after a rollback that is not the last one that was asked for.
  to.word('taskDefinition', deployments[0]?.taskDefinitionArn ?? spec.taskDefinitionArn);
  to.value('deploymentConfiguration', spec.deploymentConfiguration);
  to.list('deployments', deployments, (deployment, members) => writeDeployment(service, deployment, members));
  to.list('currentServiceRevisions', deployments, (deployment, members) =>
    writeRevision(cluster, service, deployment, members),
  );
  to.list('events', service.messages.toReversed(), ({ id, createdAt, message }, members) => {
    members.word('id', id);
    members.moment('createdAt', createdAt);
    members.text('message', message);
  });
  to.moment('createdAt', service.createdAt);
  to.text('createdBy', service.createdBy);
  // Networks need a role that acts for the service; of other launch types ECS shows none.
  if (isFargate(spec)) to.word('roleArn', arns.serviceLinkedRole(cluster.locale));
  to.value('placementConstraints', spec.placementConstraints);
  to.value('placementStrategy', spec.placementStrategy);
  to.plain('healthCheckGracePeriodSeconds', spec.healthCheckGracePeriodSeconds ?? 0);
  to.word('schedulingStrategy', spec.schedulingStrategy);
  to.value('deploymentController', DEPLOYMENT_CONTROLLER);
  to.plain('enableECSManagedTags', spec.enableECSManagedTags);
  to.word('propagateTags', spec.propagateTags);
  to.plain('enableExecuteCommand', spec.enableExecuteCommand);
  to.word('availabilityZoneRebalancing', spec.availabilityZoneRebalancing);
  to.word('resourceManagementType', 'CUSTOMER');
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

/** A service shows the version that was asked for, such as LATEST, and a deployment the one that its tasks have. */
function writePlatform(
  spec: ServiceSpec,
  version: string | undefined,
  deployment: DeploymentRecord | undefined,
  to: Members,
): void {
  if (!isFargate(spec)) return;
  to.text('platformVersion', version);
  to.word('platformFamily', platformFamily(deployment?.taskDefinition));
}

function isFargate({ launchType }: ServiceSpec): boolean {
  return launchType === 'FARGATE';
}

function writeDeployment(service: ServiceRecord, deployment: DeploymentRecord, to: Members): void {
  to.word('id', deployment.deploymentId);
  to.word('status', statusOf(service, deployment));
  to.word('taskDefinition', deployment.taskDefinitionArn);
  to.plain('desiredCount', desiredCountOf(service, deployment));
  to.plain('pendingCount', deployment.counts.pending);
  to.plain('runningCount', deployment.counts.running);
  to.plain('failedTasks', deployment.failedTasks);
  to.moment('createdAt', deployment.createdAt);
  to.moment('updatedAt', deployment.updatedAt);
  writeLaunch(deployment.spec, to);
  to.value('volumeConfigurations', volumesOutput(deployment.spec));
  writePlatform(deployment.spec, deployment.platformVersion, deployment, to);
  to.word('rolloutState', deployment.rolloutState);
  to.text('rolloutStateReason', deployment.rolloutStateReason);
}

/** The volumes of the deployment's tasks, as they were configured. */
function volumesOutput({ volumeConfigurations }: ServiceSpec): readonly object[] | undefined {
  return volumeConfigurations?.map(({ name, roleArn, volumeType, sizeInGiB, filesystemType, tags, propagateTags }) => {
    const tagSpecification = { resourceType: 'volume', ...(tags && { tags }), ...(propagateTags && { propagateTags }) };
    const isTagged = tags !== undefined || propagateTags !== undefined;
    return {
      name,
      managedEBSVolume: {
        // Hosts keep volumes as they are.
        encrypted: false,
        volumeType,
        sizeInGiB,
        ...(isTagged && { tagSpecifications: [tagSpecification] }),
        roleArn,
        filesystemType,
      },
    };
  });
}

function statusOf({ status, deployments }: ServiceRecord, deployment: DeploymentRecord): string {
  if (deployment === deployments[0]) return 'PRIMARY';
  return status === 'ACTIVE' ? 'ACTIVE' : 'DRAINING';
}

/** An older deployment wants no more than it still has: the count goes down as its tasks are stopped. */
function desiredCountOf({ desiredCount, deployments }: ServiceRecord, deployment: DeploymentRecord): number {
  return deployment === deployments[0] ? desiredCount : deployment.wanted;
}

/** Each deployment rolls out a service revision of its own, and both have one number, as in ECS. */
function writeRevision(
  { locale, clusterName }: ClusterRecord,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  to: Members,
): void {
  const number = lastPathElement(deployment.deploymentId);
  to.word('arn', arns.serviceRevision(locale, clusterName, service.serviceName, number));
  to.plain('requestedTaskCount', desiredCountOf(service, deployment));
  to.plain('runningTaskCount', deployment.counts.running);
  to.plain('pendingTaskCount', deployment.counts.pending);
}
