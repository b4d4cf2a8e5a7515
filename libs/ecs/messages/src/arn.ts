import { seedFromText, uuidText } from '#libs/kernel';
import type { Locale } from '#libs/kernel';

const ecs = ({ region, account }: Locale, resource: string): string => `arn:aws:ecs:${region}:${account}:${resource}`;

/** Long ARN formats only. */
export const arns = {
  cluster: (l: Locale, cluster: string): string => ecs(l, `cluster/${cluster}`),
  containerInstance: (l: Locale, cluster: string, id: string): string => ecs(l, `container-instance/${cluster}/${id}`),
  task: (l: Locale, cluster: string, id: string): string => ecs(l, `task/${cluster}/${id}`),
  container: (l: Locale, cluster: string, taskId: string, id: string): string =>
    ecs(l, `container/${cluster}/${taskId}/${id}`),
  service: (l: Locale, cluster: string, name: string): string => ecs(l, `service/${cluster}/${name}`),
  serviceRevision: (l: Locale, cluster: string, service: string, digits: string): string =>
    ecs(l, `service-revision/${cluster}/${service}/${digits}`),
  /** `*`: all revisions of the family, in a permission. */
  taskDefinition: (l: Locale, family: string, revision: number | string): string =>
    ecs(l, `task-definition/${family}:${revision}`),
  /** The role by which ECS acts for services. */
  serviceLinkedRole: ({ account }: Locale): string =>
    `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
  root: ({ account }: Locale): string => `arn:aws:iam::${account}:root`,
};

/** Names the container of a task permanently: the log has no id of its own for it. */
export function containerArn(locale: Locale, cluster: string, taskId: string, name: string): string {
  return arns.container(locale, cluster, taskId, uuidText(seedFromText(`${taskId}/${name}`)));
}

/** The parts of an ECS ARN. */
export interface ParsedArn {
  readonly region: string;
  readonly account: string;
  /** `cluster`, `task`, `service`, … */
  readonly resourceType: string;
  /** Path elements after the type: `[cluster, id]` for a task. */
  readonly path: readonly string[];
}

const ARN = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):([a-z-]+)\/(.+)$/;

/** Parses an ECS ARN, or undefined when the text is none. */
export function parseArn(text: string): ParsedArn | undefined {
  const match = ARN.exec(text);
  if (match === null) return undefined;
  const [, region = '', account = '', resourceType = '', path = ''] = match;
  return { region, account, resourceType, path: path.split('/') };
}

/** A host of one's own has no EC2 id; like an ECS Anywhere host it gets a managed instance's. */
export function managedInstanceId(instanceId: string): string {
  return `mi-${instanceId.slice(0, 17)}`;
}

/** The last path element of an ARN, or the text itself: ECS takes either wherever it takes an id. */
export function lastPathElement(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** `ecs.<account>`: task definitions, account settings, capacity providers. */
export function accountShard(account: string): string {
  return `ecs.${account}`;
}

/** `ecs.<account>.<cluster>`: the cluster and everything that runs in it. */
export function clusterShard(account: string, cluster: string): string {
  return `ecs.${account}.${cluster}`;
}

export interface ParsedShard {
  readonly account: string;
  /** null: the account's own shard. */
  readonly cluster: string | null;
}

export function parseShard(shard: string): ParsedShard | undefined {
  const [context, account, cluster, ...rest] = shard.split('.');
  if (context !== 'ecs' || account === undefined || rest.length > 0) return undefined;
  return { account, cluster: cluster ?? null };
}
