import { parseArn } from '#libs/ecs/messages';
import type { ClusterResource, ParsedArn, Tag } from '#libs/ecs/messages';
import { ok } from '#libs/kernel';
import type { TaskDefinitionRecord } from '../view/account.view.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { invalidParameter, refuse } from './answer.ts';
import type { QueryResult } from './answer.ts';
import { findCluster, resolveCluster } from './resolve-cluster.ts';
import type { ResolvedCluster } from './resolve-cluster.ts';
import { findContainerInstance, findService, findTask } from './resolve-in-cluster.ts';
import { findTaskDefinition } from './resolve-task-definition.ts';

/** A thing that carries tags, and by what name commands know it. Tags die with the resource. */
export type TaggedResource =
  | { readonly kind: 'task-definition'; readonly record: TaskDefinitionRecord; readonly tags: readonly Tag[] }
  | {
      readonly kind: 'in-cluster';
      readonly clusterName: string;
      readonly resource: ClusterResource;
      readonly tags: readonly Tag[];
    };

/** The cluster, container instance, task, service or task definition of an ARN. */
export function findTaggedResource(views: ViewDirectory, resourceArn: string): QueryResult<TaggedResource> {
  const parsed = parseArn(resourceArn);
  if (parsed === undefined) return invalidParameter(`Invalid resource ARN: ${resourceArn}`);
  switch (parsed.resourceType) {
    case 'cluster':
      return taggedCluster(views, resourceArn);
    case 'task-definition':
      return taggedTaskDefinition(views, resourceArn);
    default:
      return taggedInCluster(views, parsed, resourceArn);
  }
}

function taggedCluster(views: ViewDirectory, arn: string): QueryResult<TaggedResource> {
  const found = findCluster(views, arn);
  if ('rejection' in found) return found;
  if (found.value === undefined) return notFound('cluster');
  const { cluster } = found.value;
  return cluster.status === 'ACTIVE' ? inCluster(found.value, { kind: 'cluster' }, cluster.tags) : inactive('cluster');
}

function taggedTaskDefinition(views: ViewDirectory, arn: string): QueryResult<TaggedResource> {
  const found = findTaskDefinition(views, arn);
  if ('rejection' in found) return found;
  const record = found.value;
  if (record === undefined) return refuse('ClientError', 'Unable to describe task definition.');
  return ok({ kind: 'task-definition', record, tags: record.tags });
}

function taggedInCluster(
  views: ViewDirectory,
  { resourceType, path }: ParsedArn,
  arn: string,
): QueryResult<TaggedResource> {
  if (path.length !== 2) return invalidParameter('Long arn format must be used for tagging operations');
  const where = resolveCluster(views, path[0]);
  if ('rejection' in where) return where;
  switch (resourceType) {
    case 'task':
      return taggedTask(where.value, arn);
    case 'container-instance':
      return taggedInstance(where.value, arn);
    case 'service':
      return taggedService(where.value, arn);
    default:
      return invalidParameter(`Unsupported resource type: ${resourceType}`);
  }
}

function taggedTask(where: ResolvedCluster, arn: string): QueryResult<TaggedResource> {
  const found = findTask(where, arn);
  if ('rejection' in found) return found;
  const { taskId, lastStatus, tags } = found.value;
  if (lastStatus !== 'STOPPED') return inCluster(where, { kind: 'task', id: taskId }, tags);
  return invalidParameter('The specified task is stopped. Specify a running task and try again.');
}

function taggedInstance(where: ResolvedCluster, arn: string): QueryResult<TaggedResource> {
  const found = findContainerInstance(where, arn);
  if ('rejection' in found) return found;
  return inCluster(where, { kind: 'container-instance', id: found.value.instanceId }, found.value.tags);
}

function taggedService(where: ResolvedCluster, arn: string): QueryResult<TaggedResource> {
  const found = findService(where, arn);
  if ('rejection' in found) return notFound('service');
  const { serviceName, status, tags } = found.value;
  return status === 'INACTIVE' ? inactive('service') : inCluster(where, { kind: 'service', name: serviceName }, tags);
}

function inCluster(
  { clusterName }: ResolvedCluster,
  resource: ClusterResource,
  tags: readonly Tag[],
): QueryResult<TaggedResource> {
  return ok({ kind: 'in-cluster', clusterName, resource, tags });
}

function notFound(what: string): QueryResult<never> {
  return invalidParameter(`The specified ${what} does not exist.`);
}

/** Terraform's provider matches this text to learn that a cluster is gone. */
function inactive(what: string): QueryResult<never> {
  return invalidParameter(`The specified ${what} is inactive. Specify an active ${what} and try again.`);
}
