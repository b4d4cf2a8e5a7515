import type { Rejection } from '#libs/ecs/messages';
import { describeClusters } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import type { Result } from '#libs/kernel';

/** What every operation shows of its cluster; ECS shows tags only to those who have just given them. */
export const SHOWN: readonly string[] = ['SETTINGS', 'CONFIGURATIONS'];

/** The cluster as a response shows it, beside other members. */
export function clusterResponse(
  views: ViewDirectory,
  clusterName: string,
  include: readonly string[],
  others: object = {},
): Result<object, Rejection> {
  const described = describeClusters(views, { clusters: [clusterName], include });
  return 'rejection' in described ? described : ok({ cluster: described.value.clusters[0], ...others });
}

/** How many clusters the account has. The model does not have it, but ECS sends it beside a cluster that came or went. */
export function clusterCount({ clusters }: ViewDirectory): { readonly clusterCount: number } {
  let count = 0;
  for (const { cluster } of clusters.values()) if (cluster?.status === 'ACTIVE') count += 1;
  return { clusterCount: count };
}
