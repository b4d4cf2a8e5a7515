import { unreachable } from '#libs/kernel';
import type { Comparison, Expression, ExpressionSubject, Operand } from './expression.ts';
import { compareTexts, compareVersions, versionComponents } from './operands.ts';

/**
 * Whether an expression is true of a container instance. Of a fact that the instance does not have (no such attribute, no
 * version reported) only `not_exists` is true: a comparison is false there, also with a negative operator. That is how ECS
 * places tasks, and why users write `attribute:x == a or attribute:x not_exists`.
 */
export function evaluateExpression(expression: Expression, subject: ExpressionSubject): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => evaluateExpression(part, subject));
    case 'or':
      return expression.parts.some((part) => evaluateExpression(part, subject));
    case 'not':
      return !evaluateExpression(expression.part, subject);
    case 'comparison':
      return holds(expression, subject);
    default:
      return unreachable(expression);
  }
}

function holds(comparison: Comparison, subject: ExpressionSubject): boolean {
  const { operator, negated } = comparison;
  // The groups of an instance are a list that may be empty, so they are never absent: `!=` means that none is equal.
  if (comparison.subject.name === 'task:group') return anyGroupHolds(comparison, subject) !== negated;
  const fact = factOf(comparison, subject);
  if (fact === undefined) return operator === 'exists' && negated;
  return holdsForFact(comparison, fact) !== negated;
}

function anyGroupHolds(comparison: Comparison, subject: ExpressionSubject): boolean {
  if (comparison.operator === 'equals') {
    return comparison.operands.some((operand) => operand.kind === 'text' && subject.runsTaskGroup(operand.text));
  }
  for (const group of subject.taskGroups()) if (holdsForFact(comparison, group)) return true;
  return false;
}

function factOf(comparison: Comparison, subject: ExpressionSubject): string | number | undefined {
  switch (comparison.subject.name) {
    case 'attribute':
      return subject.attribute(comparison.subject.attribute);
    case 'agentConnected':
      return String(subject.agentConnected);
    case 'agentVersion':
      return subject.agentVersion;
    case 'ec2InstanceId':
      return subject.ec2InstanceId;
    case 'registeredAt':
      return subject.registeredAt;
    case 'runningTasksCount':
      return subject.runningTasksCount;
    case 'task:group':
      return undefined;
    default:
      return unreachable(comparison.subject);
  }
}

function holdsForFact(comparison: Comparison, fact: string | number): boolean {
  const [first] = comparison.operands;
  if (comparison.operator === 'exists') return true;
  if (comparison.operator === 'equals') return comparison.operands.some((operand) => equalTo(fact, operand));
  if (first === undefined) return false;
  if (first.kind === 'pattern') return first.pattern.matches(String(fact));
  const order = orderOf(fact, first);
  if (order === undefined) return false;
  switch (comparison.operator) {
    case 'greater_than':
      return order > 0;
    case 'greater_than_equal':
      return order >= 0;
    case 'less_than':
      return order < 0;
    case 'less_than_equal':
      return order <= 0;
    default:
      return false;
  }
}

/** Equality of texts is by characters (`1.0` is not `1`), while their order looks at numbers. */
function equalTo(fact: string | number, operand: Operand): boolean {
  return operand.kind === 'text' ? fact === operand.text : orderOf(fact, operand) === 0;
}

function orderOf(fact: string | number, operand: Operand): number | undefined {
  switch (operand.kind) {
    case 'text':
      return compareTexts(String(fact), operand.text);
    case 'count':
      return Number(fact) - operand.value;
    case 'moment':
      return (operand.wholeSeconds ? Math.floor(Number(fact) / 1000) * 1000 : Number(fact)) - operand.value;
    case 'version': {
      const components = versionComponents(String(fact));
      return components === undefined ? undefined : compareVersions(components, operand.components);
    }
    case 'pattern':
      return undefined;
    default:
      return unreachable(operand);
  }
}
