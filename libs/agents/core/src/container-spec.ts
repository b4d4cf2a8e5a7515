import type {
  ContainerDefinition,
  KeyValue,
  TaskDefinition,
  WantedNetwork,
  WantedTask,
  WantedVolume,
} from '#libs/ecs/messages';
import { parseArn } from '#libs/ecs/messages';
import { assert, idSource } from '#libs/kernel';
import { metadataEndpointId } from './metadata-endpoint.ts';
import { PAUSE_CONTAINER_NAME } from './pause-container.ts';

/** An image as a container is to have it. */
export interface ImageSpec {
  /** As the definition names it. */
  readonly reference: string;
  /** `sha256:…`, which the deployment has settled on; absent: whatever the reference means now. */
  readonly digest?: string;
  /** What `repositoryCredentials` names. */
  readonly credentialsParameter?: string;
}

/** What every container of a task has of its task, and the name that it gets on the host. */
export interface TaskPart {
  readonly taskId: string;
  readonly taskArn: string;
  readonly cluster: string;
  /** Two agents on one engine never touch each other's containers. */
  readonly instanceId: string;
  readonly containerName: string;
  /** The same for the same task and container, so that a creation whose answer was lost can be repeated. */
  readonly runtimeName: string;
  readonly taskDefinition: TaskDefinition;
  readonly launchType: string;
  /** The size of the task, which bounds all of its containers together. CPU units, MiB. */
  readonly taskLimits: { readonly cpu?: number; readonly memoryMiB?: number };
  /** What its containers may write besides volumes, where the host can limit that; FARGATE only. */
  readonly ephemeralStorageGiB?: number;
}

/** Everything that a runtime needs to make one container. */
export type ContainerSpec = OwnContainerSpec | PauseSpec;

/** A container that the agent runs besides those of the definition: it holds what they share, for as long as they live. */
export interface PauseSpec extends TaskPart {
  readonly kind: 'pause';
  /** null: the task shares namespaces, but has no address. */
  readonly network: WantedNetwork | null;
  readonly sharesPid: boolean;
  readonly sharesIpc: boolean;
}

/** Whose namespace a container lives in: the host's, that of another container (its runtime name), or one of its own (null). */
export type NamespaceOwner = 'host' | { readonly container: string } | null;

/** A container of the definition. */
export interface OwnContainerSpec extends TaskPart {
  readonly kind: 'container';
  readonly image: ImageSpec;
  /** The runtime's id of what the pull of that image has found: the container is made of this, wherever the name leads now. */
  readonly imageId?: string;
  readonly network: 'none' | 'bridge' | NonNullable<NamespaceOwner>;
  readonly pid: NamespaceOwner;
  /** `none`: not even one of its own. */
  readonly ipc: NamespaceOwner | 'none';
  /** The definition's volumes that this task's request configured. */
  readonly volumeConfigurations: readonly WantedVolume[];
  /** With the task's overrides applied. */
  readonly container: ContainerDefinition;
  /** The definition's with overrides, and ours where the definition is silent. */
  readonly environment: readonly KeyValue[];
  /** `<runtime name>:<alias>` */
  readonly links: readonly string[];
  /** `<runtime name>` or `<runtime name>:ro` */
  readonly volumesFrom: readonly string[];
}

/** Digits at the end of a container's name, as many as ECS's. */
const NAME_HEX_DIGITS = 20;

/**
 * `ecs-<family>-<task definition revision>-<container>-<hex>`. ECS draws the hex part by chance; here
 * it follows from task and container name.
 */
export function runtimeNameOf(taskId: string, definition: TaskDefinition, containerName: string): string {
  const plainName = containerName.replace(/[^A-Za-z0-9-]/g, '');
  const hex = idSource(`${taskId}/${containerName}`).hex32().slice(0, NAME_HEX_DIGITS);
  return `ecs-${definition.family}-${definition.revision}-${plainName}-${hex}`;
}

/** The host that makes the container. */
export interface SpecContext {
  readonly cluster: string;
  readonly instanceId: string;
  /** Where containers read about themselves, e.g. `http://169.254.170.2`; absent: nowhere. */
  readonly metadataUri?: string;
}

export function containerSpec(
  context: SpecContext,
  wanted: WantedTask,
  definition: TaskDefinition,
  containerName: string,
  imageId: string | null = null,
): OwnContainerSpec {
  const original = definition.containerDefinitions.find(({ name }) => name === containerName);
  assert(original !== undefined, 'only containers of the definition are made');
  const container = withOverrides(original, wanted);
  const siblingName = (name: string): string => runtimeNameOf(wanted.taskId, definition, name);
  return {
    kind: 'container',
    ...taskPart(context, wanted, definition, containerName),
    image: imageSpec(wanted, container),
    ...(imageId === null ? {} : { imageId }),
    network: networkOf(definition, siblingName),
    pid: namespaceOf(definition.pidMode, siblingName),
    ipc: definition.ipcMode === 'none' ? 'none' : namespaceOf(definition.ipcMode, siblingName),
    volumeConfigurations: wanted.volumeConfigurations ?? [],
    container,
    environment: mergeEnvironment(ownEnvironment(context, wanted, definition, containerName), container.environment),
    links: linksOf(container).map(({ name, alias }) => `${siblingName(name)}:${alias}`),
    volumesFrom: volumesFromOf(container).map(({ name, readOnly }) => `${siblingName(name)}${readOnly ? ':ro' : ''}`),
  };
}

/** The container that holds what the others of the task share. */
export function pauseSpec(context: SpecContext, wanted: WantedTask, definition: TaskDefinition): PauseSpec {
  const { networkMode, pidMode, ipcMode } = definition;
  return {
    kind: 'pause',
    ...taskPart(context, wanted, definition, PAUSE_CONTAINER_NAME),
    network: networkMode === 'awsvpc' ? (wanted.network ?? NO_SUBNETS) : null,
    sharesPid: pidMode === 'task',
    sharesIpc: ipcMode === 'task',
  };
}

/** The runtime says why there is no address to be had from it. */
const NO_SUBNETS: WantedNetwork = { subnets: [], securityGroups: [], assignPublicIp: false };

function taskPart(
  { cluster, instanceId }: SpecContext,
  wanted: WantedTask,
  definition: TaskDefinition,
  containerName: string,
): TaskPart {
  const { taskId, taskArn, cpu, memory, launchType = 'EC2', ephemeralStorageGiB } = wanted;
  return {
    taskId,
    taskArn,
    cluster,
    instanceId,
    containerName,
    runtimeName: runtimeNameOf(taskId, definition, containerName),
    taskDefinition: definition,
    launchType,
    taskLimits: {
      ...(cpu === undefined ? {} : { cpu: Number(cpu) }),
      ...(memory === undefined ? {} : { memoryMiB: Number(memory) }),
    },
    ...(ephemeralStorageGiB === undefined ? {} : { ephemeralStorageGiB }),
  };
}

export function imageSpec(
  { imageDigests = {} }: WantedTask,
  { name, image, repositoryCredentials }: ContainerDefinition,
): ImageSpec {
  const digest = imageDigests[name];
  const credentialsParameter = repositoryCredentials?.credentialsParameter;
  return {
    reference: image,
    ...(digest === undefined ? {} : { digest }),
    ...(credentialsParameter === undefined ? {} : { credentialsParameter }),
  };
}

function networkOf(
  { networkMode = 'bridge' }: TaskDefinition,
  runtimeNameOfSibling: (name: string) => string,
): OwnContainerSpec['network'] {
  return networkMode === 'awsvpc' ? { container: runtimeNameOfSibling(PAUSE_CONTAINER_NAME) } : networkMode;
}

function namespaceOf(mode: string | undefined, runtimeNameOfSibling: (name: string) => string): NamespaceOwner {
  if (mode === 'host') return 'host';
  return mode === 'task' ? { container: runtimeNameOfSibling(PAUSE_CONTAINER_NAME) } : null;
}

/** A container of the definition as this task has it. */
export function withOverrides(container: ContainerDefinition, wanted: WantedTask): ContainerDefinition {
  const override = wanted.containerOverrides.find(({ name }) => name === container.name);
  if (override === undefined) return container;
  const { command, environment, cpu, memory, memoryReservation, resourceRequirements = [] } = override;
  return {
    ...container,
    // An empty list counts as absent, as in a definition.
    ...(command === undefined || command.length === 0 ? {} : { command }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(memoryReservation === undefined ? {} : { memoryReservation }),
    ...(resourceRequirements.length === 0 ? {} : { resourceRequirements }),
    ...(environment === undefined ? {} : { environment: mergeEnvironment(container.environment, environment) }),
  };
}

/** An override replaces a variable of the same name and adds others. */
function mergeEnvironment(base: readonly KeyValue[], over: readonly KeyValue[]): readonly KeyValue[] {
  const names = new Set(over.map(({ name }) => name));
  return [...base.filter(({ name }) => !names.has(name)), ...over];
}

/** What every ECS container finds. The definition's values win. */
function ownEnvironment(
  { metadataUri }: SpecContext,
  { taskId, taskArn, launchType }: WantedTask,
  { networkMode }: TaskDefinition,
  containerName: string,
): readonly KeyValue[] {
  const region = parseArn(taskArn)?.region ?? '';
  const environment = [
    { name: 'AWS_EXECUTION_ENV', value: launchType === 'FARGATE' ? 'AWS_ECS_FARGATE' : 'AWS_ECS_EC2' },
    { name: 'AWS_REGION', value: region },
    { name: 'AWS_DEFAULT_REGION', value: region },
  ];
  // Nothing is within reach there.
  if (metadataUri === undefined || networkMode === 'none') return environment;
  const endpointId = metadataEndpointId(taskId, containerName);
  return [
    ...environment,
    { name: 'ECS_CONTAINER_METADATA_URI', value: `${metadataUri}/v3/${endpointId}` },
    { name: 'ECS_CONTAINER_METADATA_URI_V4', value: `${metadataUri}/v4/${endpointId}` },
  ];
}

/** `links`: `name` or `name:alias`. */
export function linksOf({
  links = [],
}: ContainerDefinition): readonly { readonly name: string; readonly alias: string }[] {
  return links.flatMap((link) => {
    if (link === '') return [];
    const [name = '', alias = name] = link.split(':');
    return [{ name, alias }];
  });
}

export function volumesFromOf({
  volumesFrom = [],
}: ContainerDefinition): readonly { readonly name: string; readonly readOnly: boolean }[] {
  return volumesFrom.flatMap(({ sourceContainer: name, readOnly = false }) =>
    name === undefined ? [] : [{ name, readOnly }],
  );
}
