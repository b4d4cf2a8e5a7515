import { resolveCluster, resolveTaskDefinition } from '#libs/ecs/views';
import type { QueryResult } from '#libs/ecs/views';
import { rejected } from './operation.ts';
import type { Lookups } from './operation.ts';

/** The cluster of an operation that works in the default cluster when none is named. */
export const clusterFirst: Lookups = ({ cluster }, views) =>
  refusalOf(resolveCluster(views, typeof cluster === 'string' ? cluster : undefined));

/** The cluster of an operation that must name one. */
export const namedClusterFirst: Lookups = ({ cluster }, views) =>
  typeof cluster === 'string' ? refusalOf(resolveCluster(views, cluster)) : null;

/** RunTask and StartTask: an unknown task definition is answered even before an unknown cluster. */
export const taskDefinitionFirst: Lookups = (input, views) => {
  const { taskDefinition } = input;
  const unknown = typeof taskDefinition === 'string' ? refusalOf(resolveTaskDefinition(views, taskDefinition)) : null;
  return unknown ?? clusterFirst(input, views);
};

function refusalOf(result: QueryResult<unknown>): ReturnType<typeof rejected> | null {
  return 'rejection' in result ? rejected(result.rejection) : null;
}
