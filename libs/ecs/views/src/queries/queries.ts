import type { Opaque } from '#libs/ecs/messages';
import type { ViewDirectory } from '../view/view-directory.ts';
import type { QueryResult } from './answer.ts';
import { describeClusters, listClusters } from './cluster.queries.ts';
import { describeContainerInstances, listAttributes, listContainerInstances } from './container-instance.queries.ts';
import { describeServices, listServices, listServicesByNamespace } from './service.queries.ts';
import { listTagsForResource } from './tags.queries.ts';
import { describeTaskDefinition, listTaskDefinitionFamilies, listTaskDefinitions } from './task-definition.queries.ts';
import { describeTasks, listTasks } from './task.queries.ts';

/** Every operation that views answer, by its name in the ECS API. */
export const queries = {
  DescribeClusters: describeClusters,
  DescribeContainerInstances: describeContainerInstances,
  DescribeServices: describeServices,
  DescribeTaskDefinition: describeTaskDefinition,
  DescribeTasks: describeTasks,
  ListAttributes: listAttributes,
  ListClusters: listClusters,
  ListContainerInstances: listContainerInstances,
  ListServices: listServices,
  ListServicesByNamespace: listServicesByNamespace,
  ListTagsForResource: listTagsForResource,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
  ListTaskDefinitions: listTaskDefinitions,
  ListTasks: listTasks,
} as const;

export type QueryName = keyof typeof queries;

export function isQuery(operation: string): operation is QueryName {
  return Object.hasOwn(queries, operation);
}

/** Answers a query by the operation's name. The input has passed the operation's JSON Schema, which is its type. */
export function runQuery(
  views: ViewDirectory,
  operation: QueryName,
  input: Readonly<Record<string, unknown>>,
): QueryResult<Opaque> {
  const query: (views: ViewDirectory, input: never) => QueryResult<Opaque> = queries[operation];
  return query(views, input as never);
}
