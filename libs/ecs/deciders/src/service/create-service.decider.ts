import type { CreateService, Rejection, ServiceSpec, TaskDefinition } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { recordedTag } from '../shared/recorded.ts';
import { clusterNotFound, invalidParameter } from '../shared/rejections.ts';
import { importIfNew } from '../task/import-if-new.ts';
import { checkPlatformVersion } from '../task/fargate-platform.ts';
import { checkCompatibility, checkLaunchIn, launchOf } from '../task/launch.ts';
import { checkVolumeConfigurations } from '../task/volume-configurations.ts';
import { deploymentStarted } from './deployment.decider.ts';
import { checkRebalancing } from './rebalancing.ts';
import { SERVICES_PER_CLUSTER_MAX } from './service-limits.ts';
import { checkServiceMembers } from './service-members.ts';
import { checkCreateServiceRequest } from './service-request.ts';
import { newServiceSpec } from './service-spec.ts';

/**
 * A new service and its first deployment; the controller starts the tasks in the same decision. The same creation twice
 * is a success that changes nothing, if both have the same client token.
 */
export function decideCreateService(
  state: ClusterState,
  command: CreateService,
  context: DecisionContext,
): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const { serviceName, resolved, clientToken, requestHash, desiredCount = 0 } = command;
  const malformed = checkCreateServiceRequest(command);
  if (malformed !== null) return reject(malformed);
  if ('rejection' in resolved) return reject(resolved.rejection);
  const existing = state.services.get(serviceName);
  if (existing !== undefined) return decideAgain(existing, command);

  const spec = newServiceSpec(command, resolved.taskDefinition.taskDefinitionArn, launchOf(command, state));
  const refused = checkAgainstCluster(state, command, spec, resolved.taskDefinition);
  if (refused !== null) return reject(refused);
  return accept(
    ...importIfNew(state, resolved.taskDefinition),
    {
      type: 'ServiceCreated',
      v: 1,
      serviceName,
      spec,
      desiredCount,
      tags: (command.tags ?? []).map(recordedTag),
      taskDefinitionTags: resolved.tags.map(recordedTag),
      ...(clientToken === undefined ? {} : { clientToken }),
      ...(requestHash === undefined ? {} : { requestHash }),
      createdBy: context.principal,
    },
    deploymentStarted(serviceName, spec.launchType, resolved.taskDefinition, context),
  );
}

/**
 * ECS knows a repeated creation by its token alone: an equal request with another token, or with none, is refused. Tags do
 * not count; those of the first request stay.
 */
function decideAgain(existing: ServiceState, { clientToken, requestHash }: CreateService): ClusterDecision {
  if (existing.status !== 'ACTIVE') {
    return reject(invalidParameter('Unable to Start a service that is still Draining.'));
  }
  const isSame =
    clientToken !== undefined && existing.clientToken === clientToken && existing.requestHash === requestHash;
  return isSame ? accept() : reject(invalidParameter('Creation of service was not idempotent.'));
}

function checkAgainstCluster(
  state: ClusterState,
  command: CreateService,
  spec: ServiceSpec,
  taskDefinition: TaskDefinition,
): Rejection | null {
  return (
    checkLaunchIn(command, state) ??
    checkCompatibility(taskDefinition, spec.launchType === 'FARGATE' ? spec.launchType : command.launchType) ??
    checkPlatformVersion(command.platformVersion, spec.launchType, taskDefinition) ??
    checkServiceMembers(spec, taskDefinition) ??
    checkVolumeConfigurations(command.volumeConfigurations ?? [], taskDefinition) ??
    checkRebalancing(spec, 'created') ??
    (state.services.size >= SERVICES_PER_CLUSTER_MAX
      ? { code: 'LimitExceeded', message: `A cluster can have at most ${SERVICES_PER_CLUSTER_MAX} services.` }
      : null)
  );
}
