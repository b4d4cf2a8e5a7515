import type { CreateService, Rejection, ServiceSpec } from '#libs/contracts';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import { checkClientToken, isName, TOKEN_CHARACTERS_MAX } from '../shared/names.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, invalidParameter } from '../shared/rejections.ts';
import { requestHash } from '../shared/request-hash.ts';
import { checkTags } from '../shared/tags.ts';
import { importIfNew } from '../task/import-if-new.ts';
import { checkLaunch } from '../task/launch-type.ts';
import { DEFAULT_DEPLOYMENT_CONFIGURATION, mergedConfiguration } from './deployment-configuration.ts';
import { deploymentStarted } from './deployment.decider.ts';
import { SERVICES_A_CLUSTER_MAX } from './service-limits.ts';
import { checkKindOfService, checkOffered, checkServiceMembers } from './service-members.ts';

/**
 * A new service and its first deployment; the controller starts the tasks in the same decision. The same creation twice
 * is a success that changes nothing (ecs-behaviour §14).
 */
export function decideCreateService(
  state: ClusterState,
  command: CreateService,
  context: DecisionContext,
): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const { serviceName, resolved, clientToken } = command;
  const malformed = checkIdentity(command);
  if (malformed !== null) return reject(malformed);
  const hash = hashOf(command);
  const existing = state.services.get(serviceName);
  if (existing !== undefined) return decideAgain(existing, hash, clientToken);

  const spec = specOf(command);
  const { desiredCount } = command;
  const refused = desiredCount === undefined ? noDesiredCount() : checkRequest(state, command, spec, desiredCount);
  if (refused !== null || desiredCount === undefined) return reject(refused ?? noDesiredCount());
  return accept(
    ...importIfNew(state, resolved.taskDefinition),
    {
      type: 'ServiceCreated',
      v: 1,
      serviceName,
      spec,
      desiredCount,
      tags: command.tags ?? [],
      taskDefinitionTags: resolved.tags,
      ...(clientToken === undefined ? {} : { clientToken }),
      requestHash: hash,
      createdBy: context.principal,
    },
    deploymentStarted(serviceName, spec.taskDefinitionArn, context),
  );
}

function checkIdentity({ serviceName, clientToken }: CreateService): Rejection | null {
  if (!isName(serviceName)) {
    return invalidParameter('serviceName must have 1 to 255 characters: letters, digits, hyphens and underscores.');
  }
  return checkClientToken(clientToken, TOKEN_CHARACTERS_MAX);
}

function noDesiredCount(): Rejection {
  return invalidParameter('desiredCount is required for the scheduling strategy REPLICA.');
}

function decideAgain(existing: ServiceState, hash: string, clientToken: string | undefined): ClusterDecision {
  if (existing.status !== 'ACTIVE') {
    return reject(invalidParameter('Unable to Start a service that is still Draining.'));
  }
  const isSame = existing.requestHash === hash || (clientToken !== undefined && existing.clientToken === clientToken);
  return isSame ? accept() : reject(invalidParameter('Creation of service was not idempotent.'));
}

function checkRequest(
  state: ClusterState,
  command: CreateService,
  spec: ServiceSpec,
  desiredCount: number,
): Rejection | null {
  const { taskDefinition } = command.resolved;
  return (
    checkKindOfService(command) ??
    checkOffered(command) ??
    checkLaunch(taskDefinition, command.launchType, command.capacityProviderStrategy) ??
    checkTags(command.tags) ??
    checkServiceMembers(
      {
        ...spec,
        desiredCount,
        networkConfiguration: spec.networkConfiguration,
        healthCheckGracePeriodSeconds: spec.healthCheckGracePeriodSeconds,
      },
      taskDefinition,
    ) ??
    (state.services.size >= SERVICES_A_CLUSTER_MAX
      ? { code: 'LimitExceeded', message: `A cluster can have at most ${SERVICES_A_CLUSTER_MAX} services.` }
      : null)
  );
}

/** The request with Amazon's defaults. Rebalancing, which ECS turns on by default, is not offered yet and so not claimed. */
function specOf(command: CreateService): ServiceSpec {
  const { networkConfiguration, healthCheckGracePeriodSeconds } = command;
  return {
    taskDefinitionArn: command.resolved.taskDefinition.taskDefinitionArn,
    launchType: command.launchType ?? 'EC2',
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
    placementConstraints: command.placementConstraints ?? [],
    placementStrategy: command.placementStrategy ?? [],
    schedulingStrategy: 'REPLICA',
    deploymentConfiguration: mergedConfiguration(DEFAULT_DEPLOYMENT_CONFIGURATION, command.deploymentConfiguration),
    ...(healthCheckGracePeriodSeconds === undefined ? {} : { healthCheckGracePeriodSeconds }),
    enableECSManagedTags: command.enableECSManagedTags ?? false,
    propagateTags: command.propagateTags ?? 'NONE',
    enableExecuteCommand: command.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: command.availabilityZoneRebalancing ?? 'DISABLED',
  };
}

/** What makes two creations the same: everything but the token; a task definition is known by its ARN. */
function hashOf(command: CreateService): string {
  const { resolved, ...request } = command;
  return requestHash({
    ...request,
    clientToken: undefined,
    taskDefinition: resolved.taskDefinition.taskDefinitionArn,
  });
}
