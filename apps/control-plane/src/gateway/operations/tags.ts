import { parseArn } from '#libs/ecs/messages';
import type { ClusterResource, Tag } from '#libs/ecs/messages';
import { queries } from '#libs/ecs/views';
import { invalidParameter } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

type Target =
  | { readonly kind: 'task-definition'; readonly family: string; readonly revision: number }
  | { readonly kind: 'in-cluster'; readonly cluster: string; readonly resource: ClusterResource };

/** What a resource ARN of TagResource and UntagResource names. */
function targetOf(resourceArn: string, { views, locale }: OperationContext): Target {
  const arn = parseArn(resourceArn);
  if (arn === undefined || arn.account !== locale.account || arn.region !== locale.region) {
    throw invalidParameter('Unsupported resource ARN.');
  }
  // An unknown resource is an error here, as in ECS, not a failure entry.
  unwrap(queries.ListTagsForResource(views, { resourceArn }));
  const [first = '', second = ''] = arn.path;
  switch (arn.resourceType) {
    case 'task-definition': {
      const separator = first.lastIndexOf(':');
      return {
        kind: 'task-definition',
        family: first.slice(0, separator),
        revision: Number(first.slice(separator + 1)),
      };
    }
    case 'cluster':
      return { kind: 'in-cluster', cluster: first, resource: { kind: 'cluster' } };
    case 'service':
      return { kind: 'in-cluster', cluster: first, resource: { kind: 'service', name: second } };
    case 'task':
    case 'container-instance':
      return { kind: 'in-cluster', cluster: first, resource: { kind: arn.resourceType, id: second } };
    default:
      throw invalidParameter('Unsupported resource ARN.');
  }
}

async function tag(
  input: { resourceArn: string; tags: readonly Tag[] },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const target = targetOf(input.resourceArn, context);
  const { tags } = input;
  if (target.kind === 'task-definition') {
    const { family, revision } = target;
    await context.commandAccount({ type: 'TagTaskDefinition', family, revision, tags }, caller);
  } else {
    await context.commandCluster(
      target.cluster,
      { type: 'TagClusterResource', resource: target.resource, tags },
      caller,
    );
  }
  return {};
}

async function untag(
  input: { resourceArn: string; tagKeys: readonly string[] },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const target = targetOf(input.resourceArn, context);
  const { tagKeys } = input;
  if (target.kind === 'task-definition') {
    const { family, revision } = target;
    await context.commandAccount({ type: 'UntagTaskDefinition', family, revision, tagKeys }, caller);
  } else {
    await context.commandCluster(
      target.cluster,
      { type: 'UntagClusterResource', resource: target.resource, tagKeys },
      caller,
    );
  }
  return {};
}

export const tagOperations: Readonly<Record<string, OperationHandler>> = {
  TagResource: operation(tag),
  UntagResource: operation(untag),
};
