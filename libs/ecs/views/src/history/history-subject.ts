import { accountShard, clusterShard, parseArn } from '#libs/ecs/messages';

/** The thing whose history is asked for. */
export type HistorySubject =
  | { readonly kind: 'cluster'; readonly shard: string; readonly clusterName: string }
  | { readonly kind: 'task' | 'container-instance'; readonly shard: string; readonly id: string }
  | { readonly kind: 'service'; readonly shard: string; readonly serviceName: string }
  /** Of a service; it has no ARN. */
  | { readonly kind: 'deployment'; readonly shard: string; readonly serviceName: string; readonly deploymentId: string }
  | {
      readonly kind: 'task-definition';
      /** The account's own; clusters that use the revision have more to say. */
      readonly shard: string;
      readonly family: string;
      readonly revision: number;
      readonly arn: string;
    };

/**
 * Reads the ARN of a cluster, container instance, task, service or task definition revision; undefined for anything else,
 * old ARNs without a cluster among them.
 */
export function historySubject(arn: string): HistorySubject | undefined {
  const parsed = parseArn(arn);
  if (parsed === undefined) return undefined;
  const { account, resourceType, path } = parsed;
  const [first = '', second] = path;
  if (path.length === 1 && resourceType === 'cluster') {
    return { kind: 'cluster', shard: clusterShard(account, first), clusterName: first };
  }
  if (path.length === 1 && resourceType === 'task-definition') return taskDefinitionSubject(account, first, arn);
  if (path.length !== 2 || second === undefined) return undefined;
  const shard = clusterShard(account, first);
  if (resourceType === 'service') return { kind: 'service', shard, serviceName: second };
  if (resourceType === 'task' || resourceType === 'container-instance')
    return { kind: resourceType, shard, id: second };
  return undefined;
}

function taskDefinitionSubject(account: string, name: string, arn: string): HistorySubject | undefined {
  const [family = '', revision] = name.split(':');
  if (revision === undefined || !/^\d+$/.test(revision)) return undefined;
  return { kind: 'task-definition', shard: accountShard(account), family, revision: Number(revision), arn };
}

/** Whether a shard may hold facts about the subject. */
export function mayTell(subject: HistorySubject, shard: string): boolean {
  if (subject.kind !== 'task-definition') return shard === subject.shard;
  return shard === subject.shard || shard.startsWith(`${subject.shard}.`);
}
