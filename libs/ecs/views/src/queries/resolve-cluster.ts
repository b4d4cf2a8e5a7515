import { arns, parseArn } from '#libs/ecs/messages';
import type { Locale } from '#libs/kernel';
import type { ClusterView } from '../view/cluster.view.ts';
import type { ClusterRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { refuse, viewHalted } from './answer.ts';
import type { QueryResult } from './answer.ts';

/** What `cluster` means where it is left out. */
export const DEFAULT_CLUSTER_NAME = 'default';

/** A cluster that the caller named, and the view that knows everything about it. */
export interface ResolvedCluster {
  readonly clusterName: string;
  readonly view: ClusterView;
  readonly cluster: ClusterRecord;
}

/** A cluster's short name, or undefined for the ARN of something else, of another account or of another region. */
export function clusterNameOf(locale: Locale, text: string): string | undefined {
  if (!text.startsWith('arn:')) return text;
  const parsed = parseArn(text);
  const [clusterName, ...more] = parsed?.path ?? [];
  if (parsed?.resourceType !== 'cluster' || more.length > 0) return undefined;
  return parsed.account === locale.account && parsed.region === locale.region ? clusterName : undefined;
}

/** The ARN that a caller meant, whichever way it was said. */
export function clusterArnOf(locale: Locale, text: string): string {
  return text.startsWith('arn:') ? text : arns.cluster(locale, text);
}

/**
 * A cluster that still is described: ACTIVE, or INACTIVE since a short while.
 * @returns `undefined` when there is none.
 */
export function findCluster(views: ViewDirectory, text: string): QueryResult<ResolvedCluster | undefined> {
  const clusterName = clusterNameOf(views.locale, text);
  const view = clusterName === undefined ? undefined : views.cluster(clusterName);
  if (view === undefined) return { value: undefined };
  if (view.halted !== null) return viewHalted(view.halted);
  return {
    value: view.cluster === null ? undefined : { clusterName: view.cluster.clusterName, view, cluster: view.cluster },
  };
}

/** The ACTIVE cluster of a name or ARN. Errors: ClusterNotFound, also for an INACTIVE one; ViewHalted. */
export function resolveCluster(views: ViewDirectory, text: string | undefined): QueryResult<ResolvedCluster> {
  const found = findCluster(views, text ?? DEFAULT_CLUSTER_NAME);
  if ('rejection' in found) return found;
  if (found.value?.cluster.status !== 'ACTIVE') return refuse('ClusterNotFound', 'Cluster not found.');
  return { value: found.value };
}

/** A cluster that is described, be it INACTIVE. Errors: ClusterNotFound, ViewHalted. */
export function resolveDescribedCluster(views: ViewDirectory, text: string): QueryResult<ResolvedCluster> {
  const found = findCluster(views, text);
  if ('rejection' in found) return found;
  return found.value === undefined ? refuse('ClusterNotFound', 'Cluster not found.') : { value: found.value };
}
