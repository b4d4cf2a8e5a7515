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
import { checkCompatibility } from '../task/launch-type.ts';
import { checkVolumeConfigurations, checkVolumeNames } from '../task/volume-configurations.ts';
import { deploymentStarted } from './deployment.decider.ts';
import { checkRebalancing } from './rebalancing.ts';
import { checkServiceMembers } from './service-members.ts';
import { findActiveService } from './service-rejections.ts';
import { checkUpdateServiceRequest } from './service-request.ts';
import { updatedServiceSpec } from './service-spec.ts';
import { taskDefinitionOfDeployment } from './task-template.ts';

/**
 * Changes a service. Another task definition revision, another network configuration, other volumes or forceNewDeployment
 * start a deployment; everything else applies to later tasks.
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
  const spec = updatedServiceSpec(service.spec, command, resolved?.taskDefinition.taskDefinitionArn);
  const refused = checkUpdated(state, spec, { resolved, volumeConfigurations: command.volumeConfigurations });
  if (refused !== null) return reject(refused);

  const events: ClusterEvent[] = resolved === undefined ? [] : importIfNew(state, resolved.taskDefinition);
  const updated = changesOf(service, command, spec, resolved);
  if (Object.keys(updated).length > 0) events.push({ type: 'ServiceUpdated', v: 1, serviceName, ...updated });
  if (command.forceNewDeployment === true || needsDeployment(service.spec, spec)) {
    events.push(deploymentStarted(serviceName, deployedRevision(state, spec, resolved), context));
  }
  return accept(...events);
}

/** Of the request: what the service is checked by. */
interface Checked {
  readonly resolved: ResolvedTaskDefinition | undefined;
  readonly volumeConfigurations: UpdateService['volumeConfigurations'];
}

function deployedRevision(state: ClusterState, spec: ServiceSpec, resolved?: ResolvedTaskDefinition): TaskDefinition {
  return resolved?.taskDefinition ?? taskDefinitionOfDeployment(state, spec.taskDefinitionArn);
}

function checkUpdated(
  state: ClusterState,
  spec: ServiceSpec,
  { resolved, volumeConfigurations }: Checked,
): Rejection | null {
  const taskDefinition = deployedRevision(state, spec, resolved);
  return (
    (resolved === undefined ? null : checkCompatibility(taskDefinition, spec.launchType)) ??
    checkServiceMembers(spec, taskDefinition) ??
    checkVolumes(spec, volumeConfigurations, taskDefinition) ??
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
    !isEqual(before.networkConfiguration, after.networkConfiguration) ||
    !isEqual(before.volumeConfigurations, after.volumeConfigurations)
  );
}
