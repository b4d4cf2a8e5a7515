import type { ContainerInspectInfo } from 'dockerode';
import { lastPathElement } from '#libs/ecs/messages';
import type { ContainerSpec, InventoryItem } from '#libs/container-runtime';
import { claimIn } from '../network/claimed-name.ts';
import type { Claim } from '../network/claimed-name.ts';
import { limitsText, taskLimitsOf } from '../task-cgroup/task-limits.ts';

/** The labels of ECS's container agent, and ours for the container instance and the data folder of `waybill up`. */
export const LABELS = {
  taskArn: 'com.amazonaws.ecs.task-arn',
  containerName: 'com.amazonaws.ecs.container-name',
  family: 'com.amazonaws.ecs.task-definition-family',
  version: 'com.amazonaws.ecs.task-definition-version',
  cluster: 'com.amazonaws.ecs.cluster',
  instanceId: 'waybill.instance-id',
  home: 'waybill.home',
  /** Of a container that has GPUs: their ids, separated by commas. */
  gpuIds: 'waybill.gpu-ids',
  /** Of a task with a size: what bounds its containers together. */
  taskLimits: 'waybill.task-limits',
  /** The image as the definition names it: containers are made by image id. */
  image: 'waybill.image',
  /** Of a pause container with an address: the subnet that the address belongs to. */
  subnet: 'waybill.subnet',
  /** Of a pause container with an address: the task's security groups, separated by commas. */
  securityGroups: 'waybill.security-groups',
  /** Which ports of a container belong together, `8000-8009/tcp`, separated by commas. */
  portRanges: 'waybill.port-ranges',
  /** Of a pause container that was made before there was a task for it. */
  warm: 'waybill.warm',
} as const;

type Labels = Readonly<Record<string, string>>;

/** A definition's own labels cannot hide a container from its agent. */
export function labelsOf(spec: ContainerSpec, home?: string): Labels {
  const limits = taskLimitsOf(spec);
  return {
    ...(spec.kind === 'container' ? spec.container.dockerLabels : {}),
    [LABELS.taskArn]: spec.taskArn,
    [LABELS.containerName]: spec.containerName,
    [LABELS.family]: spec.taskDefinition.family,
    [LABELS.version]: String(spec.taskDefinition.revision),
    [LABELS.cluster]: spec.cluster,
    [LABELS.instanceId]: spec.instanceId,
    ...(limits === undefined ? {} : { [LABELS.taskLimits]: limitsText(limits) }),
    ...(spec.kind === 'container' ? { [LABELS.image]: spec.image.reference } : {}),
    ...(home === undefined ? {} : { [LABELS.home]: home }),
  };
}

/** Which container of which task; undefined: none of ours, or one that still waits for a task. */
export function ownerOf(
  labels: Labels | undefined,
  name: string,
): Pick<InventoryItem, 'taskId' | 'containerName'> | undefined {
  const taskArn = labels?.[LABELS.taskArn];
  const containerName = labels?.[LABELS.containerName];
  const taskId = taskArn === undefined ? claimOf(labels, name)?.taskId : lastPathElement(taskArn);
  return taskId === undefined || containerName === undefined ? undefined : { taskId, containerName };
}

/** What the task of a pause container has asked for; undefined: no pause container with an address, or no task's. */
export function connectionOf(
  labels: Labels | undefined,
  name: string,
): Pick<Claim, 'subnetId' | 'securityGroups'> | undefined {
  const claim = claimOf(labels, name);
  if (claim !== undefined) return claim;
  const subnetId = labels?.[LABELS.warm] === undefined ? labels?.[LABELS.subnet] : undefined;
  if (subnetId === undefined) return undefined;
  const groups = labels?.[LABELS.securityGroups] ?? '';
  return { subnetId, securityGroups: groups === '' ? [] : groups.split(',') };
}

function claimOf(labels: Labels | undefined, name: string): Claim | undefined {
  return labels?.[LABELS.warm] === undefined ? undefined : claimIn(name);
}

/** The image's name in the container's definition, else what the container was made of. */
export function imageNameOf({ Config: { Image, Labels } }: ContainerInspectInfo): string {
  return Labels[LABELS.image] ?? Image;
}
