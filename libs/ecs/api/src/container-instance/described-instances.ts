import type { ContainerInstanceOutput } from '#libs/ecs/messages';
import { describeContainerInstances } from '#libs/ecs/views';
import type { QueryResult, ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';

/** Container instances as the responses to changes of them show them. */
export function describedInstances(
  views: ViewDirectory,
  cluster: string,
  containerInstances: readonly string[],
): QueryResult<readonly ContainerInstanceOutput[]> {
  if (containerInstances.length === 0) return ok([]);
  const described = describeContainerInstances(views, { cluster, containerInstances, include: ['TAGS'] });
  return 'rejection' in described ? described : ok(described.value.containerInstances);
}
