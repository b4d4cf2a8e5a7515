import type { WireInput } from '#libs/aws-wire';
import { ecsService } from '#libs/ecs/messages';
import { queries, resolveCluster, resolveTaskDefinition } from '#libs/ecs/views';
import type { OperationContext } from './operation.ts';
import { unwrap } from './query.ts';

/**
 * ECS looks up what a request names before it looks at values: `{"cluster": "missing", "launchType": "x"}` is answered with
 * the missing cluster. Asked only when a value is bad. Returns the output where ECS does not get to the value at all.
 * @throws ApiProblem for an unknown name
 */
export function namesFirst(operation: string, input: WireInput, context: OperationContext): object | undefined {
  const { views } = context;
  if (operation === 'DescribeClusters') return onlyMissingClusters(input, context);
  const { taskDefinition, cluster } = input;
  if ((operation === 'RunTask' || operation === 'StartTask') && typeof taskDefinition === 'string') {
    unwrap(resolveTaskDefinition(views, taskDefinition));
  }
  if (typeof cluster === 'string' || mayLeaveOutCluster(operation)) {
    unwrap(resolveCluster(views, typeof cluster === 'string' ? cluster : undefined));
  }
  return undefined;
}

function onlyMissingClusters({ clusters }: WireInput, { views }: OperationContext): object | undefined {
  const named = Array.isArray(clusters) ? { clusters: clusters.map(String) } : {};
  const output = unwrap(queries.DescribeClusters(views, named));
  return output.clusters.length === 0 ? output : undefined;
}

/** Whether the operation works in the default cluster when none is named. */
function mayLeaveOutCluster(operation: string): boolean {
  const { operations, $defs } = ecsService.shapes;
  const shape = $defs[operations[operation]?.input ?? ''];
  return shape?.properties?.['cluster'] !== undefined && shape.required?.includes('cluster') !== true;
}
