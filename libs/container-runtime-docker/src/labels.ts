import { lastPathElement } from '#libs/ecs/messages';
import type { ContainerSpec, InventoryItem } from '#libs/container-runtime';

/** The labels of ECS's container agent, and ours for the container instance and the data folder of `waybill up`. */
export const LABELS = {
  taskArn: 'com.amazonaws.ecs.task-arn',
  containerName: 'com.amazonaws.ecs.container-name',
  family: 'com.amazonaws.ecs.task-definition-family',
  version: 'com.amazonaws.ecs.task-definition-version',
  cluster: 'com.amazonaws.ecs.cluster',
  instanceId: 'waybill.instance-id',
  home: 'waybill.home',
} as const;

type Labels = Readonly<Record<string, string>>;

/** A definition's own labels cannot hide a container from its agent. */
export function labelsOf(spec: ContainerSpec, home?: string): Labels {
  return {
    ...(spec.kind === 'container' ? spec.container.dockerLabels : {}),
    [LABELS.taskArn]: spec.taskArn,
    [LABELS.containerName]: spec.containerName,
    [LABELS.family]: spec.taskDefinition.family,
    [LABELS.version]: String(spec.taskDefinition.revision),
    [LABELS.cluster]: spec.cluster,
    [LABELS.instanceId]: spec.instanceId,
    ...(home === undefined ? {} : { [LABELS.home]: home }),
  };
}

/** Which container of which task; undefined: none of ours. */
export function ownerOf(labels: Labels | undefined): Pick<InventoryItem, 'taskId' | 'containerName'> | undefined {
  const taskArn = labels?.[LABELS.taskArn];
  const containerName = labels?.[LABELS.containerName];
  if (taskArn === undefined || containerName === undefined) return undefined;
  return { taskId: lastPathElement(taskArn), containerName };
}
