import type {
  ClusterEvent,
  Rejection,
  ResolvedTaskDefinition,
  ServiceSpec,
  TaskDefinition,
  UpdateService,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import { isEqual } from '../shared/is-equal.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { recordedTag } from '../shared/recorded.ts';
import { importIfNew } from '../task/import-if-new.ts';
import { invalidParameter } from '../shared/rejections.ts';
import { checkPlatformVersion } from '../task/fargate-platform.ts';
import { checkCompatibility, checkLaunchIn, launchOf } from '../task/launch.ts';
import type { Launch } from '../task/launch.ts';
import { checkVolumeConfigurations, checkVolumeNames } from '../task/volume-configurations.ts';
import { deploymentStarted } from './deployment.decider.ts';
import { checkRebalancing } from './rebalancing.ts';
import { checkServiceMembers } from './service-members.ts';
import { findActiveService } from './service-rejections.ts';
import { checkUpdateServiceRequest } from './service-request.ts';
import { updatedServiceSpec } from './service-spec.ts';
import { taskDefinitionOfDeployment } from './task-template.ts';

/**
 * Changes a service. Another task definition revision, another platform version or network configuration, other volumes or
 * forceNewDeployment start a deployment; everything else applies to later tasks.
 */
export function decideUpdateService(
  state: ClusterState,
  command: UpdateService,
  context: DecisionContext,
): ClusterDecision {
  const { serviceName, resolved } = command;
  const malformed = checkUpdateServiceRequest(command);
  if (malformed !== null) return reject(malformed);
  if (resolved !== undefined && 'rejection' in resolved) return reject(resolved.rejection);
  const found = findActiveService(state, serviceName, context.at);
  if (found.kind === 'rejected') return found;
  const { service } = found;
  const launch = updatedLaunch(state, service, command);
  const spec = updatedServiceSpec(service.spec, command, resolved?.taskDefinition.taskDefinitionArn, launch);
  const refused = checkLaunchUpdate(state, service, command, spec) ?? checkUpdated(state, command, spec, resolved);
  if (refused !== null) return reject(refused);

  const events: ClusterEvent[] = resolved === undefined ? [] : importIfNew(state, resolved.taskDefinition);
  const updated = changesOf(service, command, spec, resolved);
  if (Object.keys(updated).length > 0) events.push({ type: 'ServiceUpdated', v: 1, serviceName, ...updated });
  if (command.forceNewDeployment === true || needsDeployment(service.spec, spec)) {
    events.push(deploymentStarted(serviceName, spec.launchType, deployedRevision(state, spec, resolved), context));
  }
  return accept(...events);
}

function deployedRevision(state: ClusterState, spec: ServiceSpec, resolved?: ResolvedTaskDefinition): TaskDefinition {
  return resolved?.taskDefinition ?? taskDefinitionOfDeployment(state, spec.taskDefinitionArn);
}

/** An empty strategy gives the service back to the cluster's default one; without one, to its launch type. */
function updatedLaunch(
  state: ClusterState,
  { spec }: ServiceState,
  { capacityProviderStrategy }: UpdateService,
): Launch {
  const { launchType, capacityProviderStrategy: strategy = [] } = spec;
  if (capacityProviderStrategy === undefined) return { launchType, strategy };
  if (capacityProviderStrategy.length > 0) return launchOf({ capacityProviderStrategy }, state);
  return state.defaultCapacityProviderStrategy.length > 0 ? launchOf({}, state) : { launchType, strategy: [] };
}

function checkLaunchUpdate(
  state: ClusterState,
  service: ServiceState,
  { capacityProviderStrategy, forceNewDeployment }: UpdateService,
  spec: ServiceSpec,
): Rejection | null {
  if (capacityProviderStrategy === undefined) return null;
  const refused = checkLaunchIn({ capacityProviderStrategy }, state);
  if (refused !== null || forceNewDeployment === true) return refused;
  if (isEqual(spec.capacityProviderStrategy ?? [], service.spec.capacityProviderStrategy ?? [])) return null;
  return invalidParameter(
    'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity ' +
      'provider strategy on a service that is already using one, you must force a new deployment.',
  );
}

function checkUpdated(
  state: ClusterState,
  command: UpdateService,
  spec: ServiceSpec,
  resolved?: ResolvedTaskDefinition,
): Rejection | null {
  const taskDefinition = deployedRevision(state, spec, resolved);
  return (
    (resolved === undefined && command.capacityProviderStrategy === undefined
      ? null
      : checkCompatibility(taskDefinition, spec.launchType)) ??
    checkPlatformVersion(command.platformVersion, spec.launchType, taskDefinition) ??
    checkServiceMembers(spec, taskDefinition) ??
    checkVolumes(spec, command.volumeConfigurations, taskDefinition) ??
    checkRebalancing(spec, 'updated')
  );
}

/** Volumes that stay as they are must still be those of the task definition. */
function checkVolumes(
  { volumeConfigurations: kept = [] }: ServiceSpec,
  given: UpdateService['volumeConfigurations'],
  taskDefinition: TaskDefinition,
): Rejection | null {
  return given === undefined
    ? checkVolumeNames(kept, taskDefinition)
    : checkVolumeConfigurations(given, taskDefinition);
}

/** The members of ServiceUpdated: only what differs from before. */
function changesOf(
  service: ServiceState,
  { desiredCount = service.desiredCount }: UpdateService,
  spec: ServiceSpec,
  resolved?: ResolvedTaskDefinition,
): { desiredCount?: number; spec?: ServiceSpec; taskDefinitionTags?: ServiceState['taskDefinitionTags'] } {
  const tags = resolved?.tags.map(recordedTag) ?? service.taskDefinitionTags;
  return {
    ...(desiredCount === service.desiredCount ? {} : { desiredCount }),
    ...(isEqual(spec, service.spec) ? {} : { spec }),
    ...(isEqual(tags, service.taskDefinitionTags) ? {} : { taskDefinitionTags: tags }),
  };
}

function needsDeployment(before: ServiceSpec, after: ServiceSpec): boolean {
  return (
    before.taskDefinitionArn !== after.taskDefinitionArn ||
    before.platformVersion !== after.platformVersion ||
    !isEqual(before.networkConfiguration, after.networkConfiguration) ||
    !isEqual(before.volumeConfigurations, after.volumeConfigurations)
  );
}
