import { arns } from '#libs/ecs/messages';
import type { DeploymentCompleted, DeploymentFailed, ServiceCreated, ServiceEvent } from '#libs/ecs/messages';
import type { EventHandlers } from './event-handlers.ts';
import { known, PoisonEvent } from './poison-event.ts';
import { SERVICE_MESSAGES_MAX } from './records.ts';
import type { ClusterRecords, DeploymentRecord, ServiceRecord } from './records.ts';
import { noOutput, outdate } from './task-counting.ts';

export const serviceFolds: EventHandlers<ServiceEvent, [records: ClusterRecords, at: number], void> = {
  ServiceCreated: createService,
  ServiceUpdated: ({ serviceName, desiredCount, spec }, records) => {
    const service = touched(records, serviceName);
    service.desiredCount = desiredCount ?? service.desiredCount;
    service.spec = spec ?? service.spec;
  },
  DeploymentStarted: ({ serviceName, deploymentId, taskDefinitionArn, platformVersion, reason }, records, at) => {
    const service = touched(records, serviceName);
    service.deployments.unshift({
      deploymentId,
      taskDefinitionArn,
      taskDefinition: records.taskDefinitions.get(taskDefinitionArn),
      platformVersion,
      spec: service.spec,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: reason,
      createdAt: at,
      updatedAt: at,
      counts: { running: 0, pending: 0 },
      imageDigests: null,
      wanted: 0,
      failedTasks: 0,
    });
  },
  DeploymentImagesResolved: ({ serviceName, deploymentId, imageDigests }, records) => {
    deploymentOf(touched(records, serviceName), deploymentId).imageDigests = imageDigests;
  },
  DeploymentCompleted: (event, records, at) => settle(records, event, 'COMPLETED', at),
  DeploymentFailed: (event, records, at) => settle(records, event, 'FAILED', at),
  DeploymentRetired: ({ serviceName, deploymentId }, records) => {
    const service = touched(records, serviceName);
    const retired = deploymentOf(service, deploymentId);
    service.deployments = service.deployments.filter((deployment) => deployment !== retired);
  },
  // Said again by the service message of the same decision; the view has no field for it.
  ServiceSteadyStateReached: ({ serviceName }, records) => void serviceOf(records, serviceName),
  ServiceMessagePosted: ({ serviceName, messageId, message }, records, at) => {
    const { messages } = touched(records, serviceName);
    messages.push({ id: messageId, createdAt: at, message });
    if (messages.length > SERVICE_MESSAGES_MAX) messages.shift();
  },
  // When the controller tries again is its own business; DescribeServices has no field for it.
  ServiceStartsDelayed: ({ serviceName }, records) => void serviceOf(records, serviceName),
  ServiceDeletionRequested: ({ serviceName }, records) => {
    const service = touched(records, serviceName);
    service.status = 'DRAINING';
    service.desiredCount = 0;
  },
  ServiceDeleted: ({ serviceName, expiresAt }, records) => {
    const service = touched(records, serviceName);
    service.status = 'INACTIVE';
    service.desiredCount = 0;
    // Described without them, as in ECS; the history has them permanently.
    service.messages = [];
    records.ended.add({ kind: 'service', record: service }, expiresAt);
  },
};

function serviceOf(records: ClusterRecords, serviceName: string): ServiceRecord {
  return known(records.services.get(serviceName), 'service', serviceName);
}

function touched(records: ClusterRecords, serviceName: string): ServiceRecord {
  const service = serviceOf(records, serviceName);
  outdate(service.cached);
  return service;
}

function deploymentOf(service: ServiceRecord, deploymentId: string): DeploymentRecord {
  const found = service.deployments.find((deployment) => deployment.deploymentId === deploymentId);
  return known(found, 'deployment', deploymentId);
}

function settle(
  records: ClusterRecords,
  event: DeploymentCompleted | DeploymentFailed,
  rolloutState: 'COMPLETED' | 'FAILED',
  at: number,
): void {
  const deployment = deploymentOf(touched(records, event.serviceName), event.deploymentId);
  deployment.rolloutState = rolloutState;
  if (rolloutState === 'COMPLETED') deployment.failedTasks = 0;
  deployment.rolloutStateReason = event.reason;
  deployment.updatedAt = at;
}

function createService(event: ServiceCreated, records: ClusterRecords, at: number): void {
  const { serviceName, spec, desiredCount, tags, createdBy } = event;
  const cluster = known(records.cluster, 'cluster of service', serviceName);
  const before = records.services.get(serviceName);
  if (before !== undefined && before.status !== 'INACTIVE')
    throw new PoisonEvent(`service ${serviceName} is there already`);
  // A deleted service's name is free: the new one takes its ARN, and its place at the end of the list.
  records.services.delete(serviceName);
  records.services.set(serviceName, {
    serviceName,
    arn: arns.service(cluster.locale, cluster.clusterName, serviceName),
    ordinal: records.ordinals++,
    status: 'ACTIVE',
    spec,
    desiredCount,
    tags,
    createdAt: at,
    createdBy,
    deployments: [],
    messages: [],
    counts: { running: 0, pending: 0 },
    tasks: new Set(),
    cached: noOutput(),
  });
}
