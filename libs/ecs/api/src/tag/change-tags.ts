import type { Tag } from '#libs/ecs/messages';
import { findTaggedResource } from '#libs/ecs/views';
import type { TaggedResource, ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import type { ShardCommand } from '#libs/kernel';
import { command, toAccount, toCluster } from '../operation.ts';
import type { EcsOperation } from '../operation.ts';

interface Tagging {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
}

interface Untagging {
  readonly resourceArn: string;
  readonly tagKeys: readonly string[];
}

export const tagResource = changing<Tagging>('TagResource', (views, tagged, { tags }) => {
  if (tagged.kind === 'task-definition') {
    const { family, revision } = tagged.record.taskDefinition;
    return toAccount(views, { type: 'TagTaskDefinition', family, revision, tags });
  }
  const { clusterName, resource } = tagged;
  return toCluster(views, clusterName, { type: 'TagClusterResource', resource, tags });
});

export const untagResource = changing<Untagging>('UntagResource', (views, tagged, { tagKeys }) => {
  if (tagged.kind === 'task-definition') {
    const { family, revision } = tagged.record.taskDefinition;
    return toAccount(views, { type: 'UntagTaskDefinition', family, revision, tagKeys });
  }
  const { clusterName, resource } = tagged;
  return toCluster(views, clusterName, { type: 'UntagClusterResource', resource, tagKeys });
});

function changing<Input extends { readonly resourceArn: string }>(
  name: string,
  commandFor: (views: ViewDirectory, tagged: TaggedResource, input: Input) => ShardCommand,
): EcsOperation {
  return command<Input>(name, {
    resources: (_views, { resourceArn }) => [resourceArn],
    plan: (views, input) => {
      // An unknown resource is an error here, as in ECS, not a failure entry.
      const tagged = findTaggedResource(views, input.resourceArn);
      if ('rejection' in tagged) return tagged;
      return ok({ submit: commandFor(views, tagged.value, input), output: () => ok({}) });
    },
  });
}
