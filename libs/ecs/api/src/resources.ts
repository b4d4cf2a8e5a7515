import { arns } from '#libs/ecs/messages';
import { clusterArnOf, clusterNameOf, DEFAULT_CLUSTER_NAME, resolveTaskDefinition } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';

/*
 * ARNs of what a request names, for authorisation: whether the thing is there does not matter. An ARN is taken as it is
 * given.
 */

/** What requests for something in a cluster share. */
export interface InCluster {
  readonly cluster?: string;
}

export function clusterResource({ locale }: ViewDirectory, { cluster = DEFAULT_CLUSTER_NAME }: InCluster): string {
  return clusterArnOf(locale, cluster);
}

export const taskResource = inCluster('task');
export const serviceResource = inCluster('service');
export const instanceResource = inCluster('containerInstance');

function inCluster(kind: 'task' | 'service' | 'containerInstance') {
  return ({ locale }: ViewDirectory, { cluster = DEFAULT_CLUSTER_NAME }: InCluster, text: string): string => {
    if (text.startsWith('arn:')) return text;
    return arns[kind](locale, clusterNameOf(locale, cluster) ?? cluster, text);
  };
}

/** The revision that a bare family means here and now; all revisions of the family where it means none. */
export function taskDefinitionResource(views: ViewDirectory, text: string): string {
  const found = resolveTaskDefinition(views, text);
  if ('value' in found) return found.value.taskDefinition.taskDefinitionArn;
  return namedTaskDefinition(views, text);
}

/** The revision as it is named. */
export function namedTaskDefinition({ locale }: ViewDirectory, text: string): string {
  if (text.startsWith('arn:')) return text;
  const colon = text.indexOf(':');
  return colon === -1
    ? familyResource({ locale }, text)
    : arns.taskDefinition(locale, text.slice(0, colon), text.slice(colon + 1));
}

/** All revisions of a family. */
export function familyResource({ locale }: Pick<ViewDirectory, 'locale'>, family: string): string {
  return arns.taskDefinition(locale, family, '*');
}
