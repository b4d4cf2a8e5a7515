import type { CachedExpression, ExpressionCache } from '../query/expression-cache.ts';
import { countable } from '../engine/countable.ts';
import type { PlacementRequest, TaskDemand } from '../types.ts';

/** A request as feasibility sees it: what one task needs of a host, with its expressions compiled. */
export interface Ask {
  readonly demand: TaskDemand;
  readonly cpu: number;
  readonly memory: number;
  readonly group: string;
  readonly launchType: string;
  readonly wantsPorts: boolean;
  readonly wantsDevices: boolean;
  /** Every memberOf constraint, in the order in which they were given. */
  readonly expressions: readonly CachedExpression[];
  /** Those of them whose answer changes while tasks come and go. */
  readonly changing: readonly CachedExpression[];
  readonly distinct: boolean;
  /** A constraint that we do not know: constraints are binding, so no host can satisfy it. */
  readonly unknownConstraint: string | null;
  /** Equal for asks whose answer is the same as long as the host itself does not change (ports, resources, tasks aside). */
  readonly candidatesKey: string;
}

const NONE: readonly CachedExpression[] = [];

export function askOf(request: Omit<PlacementRequest, 'count' | 'strategy'>, cache: ExpressionCache): Ask {
  const { demand, constraints, group, launchType = 'EC2' } = request;
  const expressions = constraints.length === 0 ? NONE : memberOfExpressions(constraints, cache);
  const unknown = constraints.find(({ type }) => type !== 'memberOf' && type !== 'distinctInstance');
  return {
    demand,
    cpu: countable(demand.cpu),
    memory: countable(demand.memory),
    group,
    launchType,
    wantsPorts: demand.tcpPorts.length > 0 || demand.udpPorts.length > 0,
    wantsDevices: demand.devices !== undefined,
    expressions,
    changing: expressions.length === 0 ? NONE : expressions.filter((expression) => expression.dependsOnTasks),
    distinct: constraints.some(({ type }) => type === 'distinctInstance'),
    unknownConstraint: unknown === undefined ? null : (unknown.type ?? ''),
    candidatesKey: candidatesKey(launchType, demand, expressions),
  };
}

function memberOfExpressions(
  constraints: PlacementRequest['constraints'],
  cache: ExpressionCache,
): readonly CachedExpression[] {
  const expressions: CachedExpression[] = [];
  for (const { type, expression } of constraints) {
    if (type === 'memberOf') expressions.push(cache.get(expression ?? ''));
  }
  return expressions;
}

/** Each text with its length before it, so that no two different lists have the same key. */
function candidatesKey(
  launchType: string,
  { requiresAttributes }: TaskDemand,
  expressions: readonly CachedExpression[],
): string {
  let key = `${launchType}:`;
  for (const { name, value } of requiresAttributes) {
    key += value === undefined ? `n${name.length}:${name}` : `v${name.length}:${name}${value.length}:${value}`;
  }
  for (const { text, dependsOnTasks } of expressions) if (!dependsOnTasks) key += `e${text.length}:${text}`;
  return key;
}
