import type { Attribute, AttributeOutput, ContainerInstanceOutput } from '#libs/ecs/messages';
import { containerInstanceOutput } from '../output/container-instance.output.ts';
import { containerInstanceOf, containerInstancesOf } from '../view/container-instances.ts';
import type { InstanceRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import type { QueryResult } from './answer.ts';
import { describeInCluster, nextTokenMember } from './describe.ts';
import type { Described, DescribeLimit, Listed } from './describe.ts';
import { instanceFilter } from './instance-filter.ts';
import { byOrdinal, LIST_LIMITS, pageOf } from './paging.ts';
import type { PageInput } from './paging.ts';
import { resolveCluster } from './resolve-cluster.ts';

const CONTAINER_INSTANCES: DescribeLimit = {
  itemsMax: 100,
  tooManyWords: 'instanceIds',
  emptyWords: 'Container Instances',
};

export interface DescribeContainerInstancesInput {
  readonly cluster?: string;
  readonly containerInstances: readonly string[];
  readonly include?: readonly string[];
}

/** Agents report no checks of their container runtime. */
const NO_HEALTH = { overallStatus: 'INSUFFICIENT_DATA', details: [] } as const;

export function describeContainerInstances(
  views: ViewDirectory,
  input: DescribeContainerInstancesInput,
): QueryResult<Described<'containerInstances', ContainerInstanceOutput>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const withTags = input.include?.includes('TAGS') ?? false;
  const withHealth = input.include?.includes('CONTAINER_INSTANCE_HEALTH') ?? false;
  return describeInCluster(where.value, input.containerInstances, {
    kind: 'container-instance',
    limit: CONTAINER_INSTANCES,
    member: 'containerInstances',
    describe: (id) => {
      const instance = containerInstanceOf(where.value.view, id);
      const output = instance && containerInstanceOutput(instance, withTags);
      return output && withHealth ? { ...output, healthStatus: NO_HEALTH } : output;
    },
  });
}

/** Any registered host by its id, one of the Fargate pool too: the response to taking it away shows it. */
export function describeHost(
  views: ViewDirectory,
  cluster: string,
  instanceId: string,
): QueryResult<ContainerInstanceOutput | undefined> {
  const where = resolveCluster(views, cluster);
  if ('rejection' in where) return where;
  const instance = where.value.view.instances.get(instanceId);
  return { value: instance && containerInstanceOutput(instance, true) };
}

export interface ListContainerInstancesInput extends PageInput {
  readonly cluster?: string;
  /** One statement of the cluster query language. */
  readonly filter?: string;
  readonly status?: string;
}

/** Without a status all but INACTIVE ones, in the order of registration. Errors: InvalidParameter for a bad filter. */
export function listContainerInstances(
  views: ViewDirectory,
  input: ListContainerInstancesInput,
): QueryResult<Listed<'containerInstanceArns'>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const filter: QueryResult<(instance: InstanceRecord) => boolean> =
    input.filter === undefined ? { value: () => true } : instanceFilter(input.filter);
  if ('rejection' in filter) return filter;
  const { status } = input;
  const hasStatus = (instance: InstanceRecord): boolean =>
    status === undefined ? instance.status !== 'INACTIVE' : instance.status === status;
  const page = pageOf(input, {
    operation: 'ListContainerInstances',
    limits: LIST_LIMITS,
    items: containerInstancesOf(where.value.view),
    filter: (instance) => hasStatus(instance) && filter.value(instance),
    ...byOrdinal,
  });
  if ('rejection' in page) return page;
  return { value: { containerInstanceArns: page.items.map((one) => one.arn), ...nextTokenMember(page) } };
}

export interface ListAttributesInput extends PageInput {
  readonly cluster?: string;
  readonly targetType: string;
  readonly attributeName?: string;
  readonly attributeValue?: string;
}

interface AttributeOfInstance {
  readonly instance: InstanceRecord;
  readonly attribute: Attribute;
}

/** Attributes of the instances that are not INACTIVE, by instance and then by name. */
export function listAttributes(
  views: ViewDirectory,
  input: ListAttributesInput,
): QueryResult<Listed<'attributes', AttributeOutput>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const page = pageOf(input, {
    operation: 'ListAttributes',
    limits: LIST_LIMITS,
    items: attributesOf(containerInstancesOf(where.value.view), input),
    keyOf: ({ instance, attribute }) => `${instance.ordinal}:${attribute.name}`,
    behind: behindAttribute,
  });
  if ('rejection' in page) return page;
  return { value: { attributes: page.items.map(attributeOutput), ...nextTokenMember(page) } };
}

function* attributesOf(
  instances: Iterable<InstanceRecord>,
  { attributeName, attributeValue }: ListAttributesInput,
): Iterable<AttributeOfInstance> {
  for (const instance of instances) {
    if (instance.status === 'INACTIVE') continue;
    const attributes = [...instance.attributes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const attribute of attributes) {
      if (attributeName !== undefined && attribute.name !== attributeName) continue;
      if (attributeValue !== undefined && attribute.value !== attributeValue) continue;
      yield { instance, attribute };
    }
  }
}

function behindAttribute(key: string): (one: AttributeOfInstance) => boolean {
  const colon = key.indexOf(':');
  const ordinal = Number(key.slice(0, colon));
  const name = key.slice(colon + 1);
  return ({ instance, attribute }) =>
    instance.ordinal === ordinal ? attribute.name > name : instance.ordinal > ordinal;
}

function attributeOutput({ instance, attribute }: AttributeOfInstance): AttributeOutput {
  const { name, value } = attribute;
  return value === undefined ? { name, targetId: instance.arn } : { name, value, targetId: instance.arn };
}
