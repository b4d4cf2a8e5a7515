import type { ContainerDefinition, KeyValue, TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { parseArn } from '#libs/ecs/messages';
import { assert, idSource } from '#libs/kernel';

/** Everything that a runtime needs to make one container. */
export interface ContainerSpec {
  readonly taskId: string;
  readonly taskArn: string;
  readonly cluster: string;
  /** Two agents on one engine never touch each other's containers. */
  readonly instanceId: string;
  readonly containerName: string;
  /** The same for the same task and container, so that a creation whose answer was lost can be repeated. */
  readonly runtimeName: string;
  /** With the task's overrides applied. */
  readonly container: ContainerDefinition;
  readonly taskDefinition: TaskDefinition;
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
}

export function containerSpec(
  context: SpecContext,
  wanted: WantedTask,
  definition: TaskDefinition,
  containerName: string,
): ContainerSpec {
  const original = definition.containerDefinitions.find(({ name }) => name === containerName);
  assert(original !== undefined, 'only containers of the definition are made');
  const container = withOverrides(original, wanted);
  const siblingName = (name: string): string => runtimeNameOf(wanted.taskId, definition, name);
  return {
    taskId: wanted.taskId,
    taskArn: wanted.taskArn,
    cluster: context.cluster,
    instanceId: context.instanceId,
    containerName,
    runtimeName: siblingName(containerName),
    container,
    taskDefinition: definition,
    environment: mergeEnvironment(ownEnvironment(wanted), container.environment),
    links: linksOf(container).map(({ name, alias }) => `${siblingName(name)}:${alias}`),
    volumesFrom: volumesFromOf(container).map(({ name, readOnly }) => `${siblingName(name)}${readOnly ? ':ro' : ''}`),
  };
}

function withOverrides(container: ContainerDefinition, wanted: WantedTask): ContainerDefinition {
  const override = wanted.containerOverrides.find(({ name }) => name === container.name);
  if (override === undefined) return container;
  const { command, environment, cpu, memory, memoryReservation } = override;
  return {
    ...container,
    // An empty list counts as absent, as in a definition.
    ...(command === undefined || command.length === 0 ? {} : { command }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(memoryReservation === undefined ? {} : { memoryReservation }),
    ...(environment === undefined ? {} : { environment: mergeEnvironment(container.environment, environment) }),
  };
}

/** An override replaces a variable of the same name and adds others. */
function mergeEnvironment(base: readonly KeyValue[], over: readonly KeyValue[]): readonly KeyValue[] {
  const names = new Set(over.map(({ name }) => name));
  return [...base.filter(({ name }) => !names.has(name)), ...over];
}

/** What every ECS container on a host of one's own finds. The definition's values win. */
function ownEnvironment(wanted: WantedTask): readonly KeyValue[] {
  const region = parseArn(wanted.taskArn)?.region ?? '';
  return [
    { name: 'AWS_EXECUTION_ENV', value: 'AWS_ECS_EC2' },
    { name: 'AWS_REGION', value: region },
    { name: 'AWS_DEFAULT_REGION', value: region },
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
