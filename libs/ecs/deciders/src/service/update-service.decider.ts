import type { ClusterEvent, Rejection, ServiceSpec, TaskDefinition, UpdateService } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import { isEqual } from '../shared/is-equal.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { importIfNew } from '../task/import-if-new.ts';
import { checkCompatibility } from '../task/launch-type.ts';
import { deploymentStarted } from './deployment.decider.ts';
import { checkRebalancing } from './rebalancing.ts';
import { checkServiceMembers } from './service-members.ts';
import { findActiveService } from './service-rejections.ts';
import { checkUpdateServiceRequest } from './service-request.ts';
import { updatedServiceSpec } from './service-spec.ts';
import { taskDefinitionOfDeployment } from './task-template.ts';

/**
 * Changes a service. Another task definition revision, another network configuration or forceNewDeployment starts a
 * deployment; everything else applies to later tasks.
 */
export function decideUpdateService(
  state: ClusterState,
  command: UpdateService,
  context: DecisionContext,
): ClusterDecision {
  const found = findActiveService(state, command.serviceName, context.at);
  if (found.kind === 'rejected') return found;
  const { service } = found;
  const { serviceName, resolved } = command;
  const spec = updatedServiceSpec(service.spec, command);
  const taskDefinition = resolved?.taskDefinition ?? taskDefinitionOfDeployment(state, service.spec.taskDefinitionArn);
  const refused = checkUpdateServiceRequest(command) ?? checkUpdated(command, spec, taskDefinition);
  if (refused !== null) return reject(refused);

  const events: ClusterEvent[] = importIfNew(state, taskDefinition);
  const updated = changesOf(service, command, spec);
  if (Object.keys(updated).length > 0) events.push({ type: 'ServiceUpdated', v: 1, serviceName, ...updated });
  if (command.forceNewDeployment === true || needsDeployment(service.spec, spec)) {
    events.push(deploymentStarted(serviceName, spec.taskDefinitionArn, context));
  }
  return accept(...events);
}

function checkUpdated(
  { resolved }: UpdateService,
  spec: ServiceSpec,
  taskDefinition: TaskDefinition,
): Rejection | null {
  return (
    (resolved === undefined ? null : checkCompatibility(taskDefinition, spec.launchType)) ??
    checkServiceMembers(spec, taskDefinition) ??
    checkRebalancing(spec, 'updated')
  );
}

/** The members of ServiceUpdated: only what differs from before. */
function changesOf(
  service: ServiceState,
  { resolved, desiredCount = service.desiredCount }: UpdateService,
  spec: ServiceSpec,
): { desiredCount?: number; spec?: ServiceSpec; taskDefinitionTags?: ServiceState['taskDefinitionTags'] } {
  const tags = resolved?.tags ?? service.taskDefinitionTags;
  return {
    ...(desiredCount === service.desiredCount ? {} : { desiredCount }),
    ...(isEqual(spec, service.spec) ? {} : { spec }),
    ...(isEqual(tags, service.taskDefinitionTags) ? {} : { taskDefinitionTags: tags }),
  };
}

function needsDeployment(before: ServiceSpec, after: ServiceSpec): boolean {
  return (
    before.taskDefinitionArn !== after.taskDefinitionArn ||
    !isEqual(before.networkConfiguration, after.networkConfiguration)
  );
}
