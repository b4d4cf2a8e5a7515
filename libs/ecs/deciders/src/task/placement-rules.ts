import type { PlacementConstraint, PlacementStrategy, Rejection, TaskDefinition } from '#libs/ecs/messages';
import { parseExpression } from '#libs/ecs/placement';
import { ATTRIBUTE_CHARACTERS_MAX } from '../container-instance/instance-attributes.ts';
import { isMissing } from '../shared/names.ts';
import { invalidParameter } from '../shared/rejections.ts';

/** Constraints of a task definition and of a request together. */
export const PLACEMENT_CONSTRAINTS_MAX = 10;
export const PLACEMENT_STRATEGIES_MAX = 5;

/** Checks what a request says about placement, together with what its task definition says. */
export function checkPlacement(
  constraints: readonly PlacementConstraint[] | undefined,
  strategy: readonly PlacementStrategy[] | undefined,
  taskDefinition: TaskDefinition | undefined,
  launchType: string,
): Rejection | null {
  const own = constraints ?? [];
  if (launchType === 'FARGATE') return checkFargate(own, strategy ?? []);
  const inherited = taskDefinition?.placementConstraints.length ?? 0;
  if (own.length + inherited > PLACEMENT_CONSTRAINTS_MAX) {
    return invalidParameter(`placementConstraints can have at most ${PLACEMENT_CONSTRAINTS_MAX} items.`);
  }
  for (const constraint of own) {
    const refused = constraint.type === 'distinctInstance' ? checkDistinct(constraint) : checkMemberOf(constraint);
    if (refused !== null) return refused;
  }
  return checkStrategy(strategy ?? []);
}

/** Fargate spreads tasks by itself. */
function checkFargate(
  constraints: readonly PlacementConstraint[],
  strategy: readonly PlacementStrategy[],
): Rejection | null {
  if (constraints.length > 0) {
    return invalidParameter('Placement constraints are not supported with FARGATE launch type.');
  }
  if (strategy.length === 0) return null;
  return invalidParameter('Placement strategies are not supported with FARGATE launch type.');
}

function checkDistinct({ expression }: PlacementConstraint): Rejection | null {
  return expression === undefined
    ? null
    : invalidParameter("A placement constraint of type 'distinctInstance' takes no expression.");
}

/** A memberOf constraint; its syntax is checked now, not when a task is placed. */
export function checkMemberOf({ type, expression }: PlacementConstraint): Rejection | null {
  if (isMissing(type)) return invalidParameter('A placement constraint needs a type: distinctInstance or memberOf.');
  if (type !== 'memberOf') return invalidParameter(`Invalid placement constraint type: ${type}.`);
  if (expression === undefined)
    return invalidParameter("A placement constraint of type 'memberOf' needs an expression.");
  const parsed = parseExpression(expression);
  if (parsed.kind !== 'problem') return null;
  return invalidParameter(`Invalid expression: ${parsed.message} at position ${parsed.position}.`);
}

function checkStrategy(strategy: readonly PlacementStrategy[]): Rejection | null {
  if (strategy.length > PLACEMENT_STRATEGIES_MAX) {
    return invalidParameter(`placementStrategy can have at most ${PLACEMENT_STRATEGIES_MAX} items.`);
  }
  for (const { type, field } of strategy) {
    if (isMissing(type)) return invalidParameter('A placement strategy needs a type: random, spread or binpack.');
    if (!isKnownStrategy(type, field)) {
      return invalidParameter(`Invalid placement strategy: type ${type}, field ${field ?? 'absent'}.`);
    }
  }
  return null;
}

function isKnownStrategy(type: PlacementStrategy['type'], field: string | undefined): boolean {
  switch (type) {
    case 'random':
      return field === undefined;
    case 'spread':
      return field === 'instanceId' || field === 'host' || isAttribute(field ?? '');
    case 'binpack': {
      const resource = field?.toLowerCase();
      return resource === 'cpu' || resource === 'memory';
    }
    default:
      return false;
  }
}

function isAttribute(field: string): boolean {
  return field.startsWith('attribute:') && field.length <= 'attribute:'.length + ATTRIBUTE_CHARACTERS_MAX;
}
