import type { ClusterOutput } from '#libs/ecs/messages';
import { clusterOutput } from '../output/cluster.output.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { missing } from './answer.ts';
import type { Failure, QueryResult } from './answer.ts';
import { checkCount, nextTokenMember } from './describe.ts';
import type { Described, DescribeLimit, Listed } from './describe.ts';
import { LIST_LIMITS, pageOf } from './paging.ts';
import type { PageInput } from './paging.ts';
import { clusterArnOf, DEFAULT_CLUSTER_NAME, findCluster } from './resolve-cluster.ts';

const CLUSTERS: DescribeLimit = { itemsMax: 100, tooManyWords: 'clusters' };

export interface DescribeClustersInput {
  readonly clusters?: readonly string[];
  readonly include?: readonly string[];
}

/**
 * Nothing named means the default cluster. INACTIVE ones are described for a while. What is named twice, by its name or by
 * its ARN, is answered once.
 */
export function describeClusters(
  views: ViewDirectory,
  input: DescribeClustersInput,
): QueryResult<Described<'clusters', ClusterOutput>> {
  const { clusters: texts = [], include = [] } = input;
  const miscounted = checkCount(texts.length, CLUSTERS);
  if (miscounted !== undefined) return miscounted;
  const clusters: ClusterOutput[] = [];
  const failures: Failure[] = [];
  const named = new Set<string>();
  for (const text of texts.length === 0 ? [DEFAULT_CLUSTER_NAME] : texts) {
    const arn = clusterArnOf(views.locale, text);
    if (named.has(arn)) continue;
    named.add(arn);
    const found = findCluster(views, text);
    // A client that gets MISSING creates the cluster again: unknown is not absent.
    if ('rejection' in found) return found;
    if (found.value === undefined) failures.push(missing(arn));
    else clusters.push(clusterOutput(found.value.view, found.value.cluster, include));
  }
  return { value: { clusters, failures } };
}

/** The ACTIVE clusters by name; one whose view stopped is listed as it was last known. */
export function listClusters(views: ViewDirectory, input: PageInput): QueryResult<Listed<'clusterArns'>> {
  const active = [...views.clusters.values()].flatMap(({ cluster }) => (cluster?.status === 'ACTIVE' ? [cluster] : []));
  active.sort((a, b) => (a.clusterName < b.clusterName ? -1 : 1));
  const page = pageOf(input, {
    operation: 'ListClusters',
    limits: LIST_LIMITS,
    items: active,
    keyOf: (cluster) => cluster.clusterName,
    behind: (key) => (cluster) => cluster.clusterName > key,
  });
  if ('rejection' in page) return page;
  return { value: { clusterArns: page.items.map((cluster) => cluster.clusterArn), ...nextTokenMember(page) } };
}
