import type { Tag, TaskDefinition, TaskTemplate } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, DeploymentState, ServiceState } from '../cluster-state.ts';
import { taskTags } from '../shared/tags.ts';
import { fargateMembers } from '../task/fargate-platform.ts';
import { allConstraints } from '../task/standalone-task.ts';
import { volumesOfTask } from '../task/volume-configurations.ts';
import type { TagSources } from '../task/volume-configurations.ts';

/** The task group of a service: what spread and distinctInstance count by. */
export function serviceTaskGroup(serviceName: string): string {
  return `service:${serviceName}`;
}

/** The revision that a deployment runs; imported before the deployment started. */
export function taskDefinitionOfDeployment(state: ClusterState, taskDefinitionArn: string): TaskDefinition {
  const taskDefinition = state.taskDefinitions.get(taskDefinitionArn);
  assert(taskDefinition !== undefined, `${taskDefinitionArn} is deployed and was never imported`);
  return taskDefinition;
}

/** How the tasks of a deployment are made now: updates without a deployment apply to later tasks. */
export function serviceTaskTemplate(
  state: ClusterState,
  service: ServiceState,
  deployment: DeploymentState,
): TaskTemplate {
  const { spec, serviceName } = service;
  const { deploymentId, taskDefinitionArn } = deployment;
  const taskDefinition = taskDefinitionOfDeployment(state, taskDefinitionArn);
  return {
    taskDefinitionArn,
    group: serviceTaskGroup(serviceName),
    startedBy: deploymentId,
    launchType: spec.launchType,
    ...fargateMembers(spec.launchType, taskDefinition),
    placementConstraints: allConstraints(taskDefinition, spec.placementConstraints),
    placementStrategy: spec.placementStrategy,
    tags: tagsOf(state, service),
    enableExecuteCommand: spec.enableExecuteCommand,
    ...(spec.networkConfiguration === undefined ? {} : { networkConfiguration: spec.networkConfiguration }),
    ...volumesOfTask(spec.volumeConfigurations, tagSourcesOf(service)),
    serviceName,
    deploymentId,
  };
}

function tagsOf(state: ClusterState, service: ServiceState): readonly Tag[] {
  const { propagateTags, enableECSManagedTags } = service.spec;
  return taskTags({
    propagated: tagSourcesOf(service)[propagateTags],
    managed: enableECSManagedTags,
    clusterName: state.clusterName,
    serviceName: service.serviceName,
  });
}

/** What tasks and their volumes may take over, by `propagateTags`. */
function tagSourcesOf(service: ServiceState): TagSources {
  return { SERVICE: service.tags, TASK_DEFINITION: service.taskDefinitionTags };
}
