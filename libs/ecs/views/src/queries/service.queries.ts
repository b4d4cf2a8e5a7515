import type { ServiceOutput } from '#libs/ecs/messages';
import { serviceOutput } from '../output/service.output.ts';
import type { ServiceRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { refuse } from './answer.ts';
import type { QueryResult } from './answer.ts';
import { describeInCluster, nextTokenMember } from './describe.ts';
import type { Described, DescribeLimit, Listed } from './describe.ts';
import { byOrdinal, LIST_SERVICES_LIMITS, pageOf } from './paging.ts';
import type { PageInput } from './paging.ts';
import { resolveCluster } from './resolve-cluster.ts';

const SERVICES: DescribeLimit = { itemsMax: 10, tooManyWords: 'service names', emptyWords: 'Services' };

export interface DescribeServicesInput {
  readonly cluster?: string;
  readonly services: readonly string[];
  readonly include?: readonly string[];
}

export function describeServices(
  views: ViewDirectory,
  input: DescribeServicesInput,
): QueryResult<Described<'services', ServiceOutput>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const { view, cluster } = where.value;
  const withTags = input.include?.includes('TAGS') ?? false;
  return describeInCluster(where.value, input.services, {
    kind: 'service',
    limit: SERVICES,
    member: 'services',
    describe: (name) => {
      const service = view.services.get(name);
      return service && serviceOutput(cluster, service, withTags);
    },
  });
}

export interface ListServicesInput extends PageInput {
  readonly cluster?: string;
  readonly launchType?: string;
  readonly schedulingStrategy?: string;
  /** CUSTOMER or ECS; ours are all the customer's. */
  readonly resourceManagementType?: string;
}

/** ACTIVE services in the order of creation; DRAINING and INACTIVE ones are not listed. */
export function listServices(views: ViewDirectory, input: ListServicesInput): QueryResult<Listed<'serviceArns'>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const { launchType, schedulingStrategy, resourceManagementType = 'CUSTOMER' } = input;
  const isAskedFor = ({ status, spec }: ServiceRecord): boolean =>
    status === 'ACTIVE' &&
    resourceManagementType === 'CUSTOMER' &&
    (launchType === undefined || spec.launchType === launchType) &&
    (schedulingStrategy === undefined || spec.schedulingStrategy === schedulingStrategy);
  const page = pageOf(input, {
    operation: 'ListServices',
    limits: LIST_SERVICES_LIMITS,
    items: where.value.view.services.values(),
    filter: isAskedFor,
    ...byOrdinal,
  });
  if ('rejection' in page) return page;
  return { value: { serviceArns: page.items.map((service) => service.arn), ...nextTokenMember(page) } };
}

/** No Cloud Map namespace exists here, so every one that is asked for is unknown. */
export function listServicesByNamespace(): QueryResult<Listed<'serviceArns'>> {
  return refuse('NamespaceNotFound', 'The specified namespace was not found.');
}
