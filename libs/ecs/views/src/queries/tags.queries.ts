import { parseArn } from '#libs/ecs/messages';
import type { ParsedArn, Tag } from '#libs/ecs/messages';
import type { ViewDirectory } from '../view/view-directory.ts';
import { invalidParameter, refuse } from './answer.ts';
import type { QueryResult } from './answer.ts';
import { findCluster, resolveCluster } from './resolve-cluster.ts';
import { findContainerInstance, findService, findTask } from './resolve-in-cluster.ts';
import { findTaskDefinition } from './resolve-task-definition.ts';

type TaggedResource = { readonly tags: readonly Tag[] };

export interface ListTagsForResourceInput {
  readonly resourceArn: string;
}

/** Tags of a cluster, container instance, task, service or task definition. Tags die with the resource. */
export function listTagsForResource(
  views: ViewDirectory,
  { resourceArn }: ListTagsForResourceInput,
): QueryResult<TaggedResource> {
  const parsed = parseArn(resourceArn);
  if (parsed === undefined) return invalidParameter(`Invalid resource ARN: ${resourceArn}`);
  const tagged = taggedResource(views, parsed, resourceArn);
  return 'error' in tagged ? tagged : { output: { tags: tagged.output.tags } };
}

function taggedResource(views: ViewDirectory, parsed: ParsedArn, arn: string): QueryResult<TaggedResource> {
  const { resourceType, path } = parsed;
  if (resourceType === 'cluster') return taggedCluster(views, arn);
  if (resourceType === 'task-definition') {
    const found = findTaskDefinition(views, arn);
    if ('error' in found) return found;
    return found.output === undefined
      ? refuse('ClientError', 'Unable to describe task definition.')
      : { output: found.output };
  }
  if (path.length !== 2) return invalidParameter('Long arn format must be used for tagging operations');
  const where = resolveCluster(views, path[0]);
  if ('error' in where) return where;
  switch (resourceType) {
    case 'task':
      return notStopped(findTask(where.output, arn));
    case 'container-instance':
      return findContainerInstance(where.output, arn);
    case 'service':
      return activeService(findService(where.output, arn));
    default:
      return invalidParameter(`Unsupported resource type: ${resourceType}`);
  }
}

function taggedCluster(views: ViewDirectory, arn: string): QueryResult<TaggedResource> {
  const found = findCluster(views, arn);
  if ('error' in found) return found;
  if (found.output === undefined) return notFound('cluster');
  return found.output.cluster.status === 'ACTIVE' ? { output: found.output.cluster } : inactive('cluster');
}

function activeService(found: ReturnType<typeof findService>): QueryResult<TaggedResource> {
  if ('error' in found) return notFound('service');
  return found.output.status === 'INACTIVE' ? inactive('service') : found;
}

function notStopped(found: ReturnType<typeof findTask>): QueryResult<TaggedResource> {
  if ('error' in found || found.output.lastStatus !== 'STOPPED') return found;
  return invalidParameter('The specified task is stopped. Specify a running task and try again.');
}

function notFound(what: string): QueryResult<never> {
  return invalidParameter(`The specified ${what} does not exist.`);
}

/** Terraform's provider matches this text to learn that a cluster is gone. */
function inactive(what: string): QueryResult<never> {
  return invalidParameter(`The specified ${what} is inactive. Specify an active ${what} and try again.`);
}
