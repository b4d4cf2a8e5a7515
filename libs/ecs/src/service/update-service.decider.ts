import type { ClusterEvent, ServiceSpec, UpdateService } from '#libs/contracts';
import { accept, canonicalJson, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { importIfNew } from '../task/import-if-new.ts';
import { checkLaunch } from '../task/launch-type.ts';
import { mergedConfiguration } from './deployment-configuration.ts';
import { deploymentStarted } from './deployment.decider.ts';
import { checkOffered, checkServiceMembers } from './service-members.ts';
import { findActiveService } from './service-rejections.ts';
import { taskDefinitionOfDeployment } from './task-template.ts';

/**
 * Changes a service. Members that are left out stay; empty lists take away. Another task definition revision, another
 * network configuration or forceNewDeployment starts a deployment; everything else applies to later tasks
 * (ecs-behaviour §14).
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
  const spec = updatedSpec(service.spec, command);
  const desiredCount = command.desiredCount ?? service.desiredCount;
  const taskDefinition = resolved?.taskDefinition ?? taskDefinitionOfDeployment(state, service.spec.taskDefinitionArn);
  const refused =
    checkOffered(command) ??
    checkLaunch(taskDefinition, undefined, command.capacityProviderStrategy) ??
    (resolved === undefined ? null : checkLaunch(taskDefinition, spec.launchType, undefined)) ??
    checkServiceMembers(
      {
        ...spec,
        desiredCount,
        networkConfiguration: spec.networkConfiguration,
        healthCheckGracePeriodSeconds: spec.healthCheckGracePeriodSeconds,
      },
      taskDefinition,
    );
  if (refused !== null) return reject(refused);

  const events: ClusterEvent[] = importIfNew(state, taskDefinition);
  const updated = changesOf(service, command, spec, desiredCount);
  if (Object.keys(updated).length > 0) events.push({ type: 'ServiceUpdated', v: 1, serviceName, ...updated });
  if (command.forceNewDeployment === true || needsDeployment(service.spec, spec)) {
    events.push(deploymentStarted(serviceName, spec.taskDefinitionArn, context));
  }
  return accept(...events);
}

function updatedSpec(spec: ServiceSpec, command: UpdateService): ServiceSpec {
  const networkConfiguration = command.networkConfiguration ?? spec.networkConfiguration;
  const healthCheckGracePeriodSeconds = command.healthCheckGracePeriodSeconds ?? spec.healthCheckGracePeriodSeconds;
  return {
    ...spec,
    taskDefinitionArn: command.resolved?.taskDefinition.taskDefinitionArn ?? spec.taskDefinitionArn,
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
    placementConstraints: command.placementConstraints ?? spec.placementConstraints,
    placementStrategy: command.placementStrategy ?? spec.placementStrategy,
    deploymentConfiguration: mergedConfiguration(spec.deploymentConfiguration, command.deploymentConfiguration),
    ...(healthCheckGracePeriodSeconds === undefined ? {} : { healthCheckGracePeriodSeconds }),
    enableECSManagedTags: command.enableECSManagedTags ?? spec.enableECSManagedTags,
    propagateTags: command.propagateTags ?? spec.propagateTags,
    enableExecuteCommand: command.enableExecuteCommand ?? spec.enableExecuteCommand,
    availabilityZoneRebalancing: command.availabilityZoneRebalancing ?? spec.availabilityZoneRebalancing,
  };
}

/** The members of ServiceUpdated: only what differs from before. */
function changesOf(
  service: ServiceState,
  { resolved }: UpdateService,
  spec: ServiceSpec,
  desiredCount: number,
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

function isEqual(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
