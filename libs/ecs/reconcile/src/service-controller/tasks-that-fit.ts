import { demandOf, placementStrategyOf, serviceTaskTemplate, taskDefinitionOfDeployment } from '#libs/ecs/deciders';
import type { ClusterState, ServiceState } from '#libs/ecs/deciders';

/**
 * How many of `count` tasks of the primary deployment fit now. First only these hosts are asked, where room may have come;
 * the whole cluster only if one of them takes a task.
 */
export function serviceTasksThatFit(
  state: ClusterState,
  service: ServiceState,
  count: number,
  hostIds: Iterable<string>,
  random: () => number,
): number {
  const primary = service.deployments[0];
  if (primary === undefined || count <= 0) return 0;
  const template = serviceTaskTemplate(state, service, primary);
  const request = {
    demand: demandOf(taskDefinitionOfDeployment(state, primary.taskDefinitionArn), undefined),
    launchType: template.launchType,
    group: template.group,
    constraints: template.placementConstraints,
  };
  for (const hostId of hostIds) {
    if (state.placement.refusalOf(hostId, request) !== null) continue;
    return state.placement.place({ ...request, count, strategy: placementStrategyOf(template) }, random).hosts.length;
  }
  return 0;
}
