import type { TextPattern } from './text-pattern.ts';

/** ECS: a memberOf expression or a filter has at most 2,000 characters. */
export const EXPRESSION_CHARACTERS_MAX = 2000;

/**
 * A statement of the cluster query language, ready to be evaluated: operands are parsed, patterns compiled, and an operator's
 * negative spelling (`!=`, `not_in`, `!~`, `!exists`, …) has become `negated`.
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | Comparison;

export interface Comparison {
  readonly kind: 'comparison';
  readonly subject: Subject;
  readonly operator: Operator;
  readonly negated: boolean;
  /** None for `exists`, one or more for `in`, one for all others. */
  readonly operands: readonly Operand[];
}

export type Subject =
  | { readonly name: 'attribute'; readonly attribute: string }
  | {
      readonly name:
        'agentConnected' | 'agentVersion' | 'ec2InstanceId' | 'registeredAt' | 'runningTasksCount' | 'task:group';
    };

/** `in` is `equals` with several operands. */
export type Operator =
  'equals' | 'greater_than' | 'greater_than_equal' | 'less_than' | 'less_than_equal' | 'exists' | 'matches';

export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'count'; readonly value: number }
  /** ms since the epoch; facts are cut to whole seconds before they are compared unless the operand has a fraction. */
  | { readonly kind: 'moment'; readonly value: number; readonly wholeSeconds: boolean }
  | { readonly kind: 'version'; readonly components: readonly number[] }
  | { readonly kind: 'pattern'; readonly pattern: TextPattern };

/** Why a text is not an expression. ECS answers InvalidParameterException when the text is given, never at placement. */
export interface SyntaxProblem {
  readonly kind: 'problem';
  /** For the caller, without a full stop: `expected an operator at character 12`. */
  readonly message: string;
  /** Characters from the start, from 0. */
  readonly position: number;
}

/** What an expression is asked of: a container instance. */
export interface ExpressionSubject {
  readonly agentConnected: boolean;
  readonly agentVersion: string | undefined;
  readonly ec2InstanceId: string | undefined;
  /** ms since the epoch. */
  readonly registeredAt: number | undefined;
  readonly runningTasksCount: number;
  /** The attribute's value, '' for one without value, undefined when the instance does not have it. */
  attribute(name: string): string | undefined;
  /** Whether at least one task of the group runs on the instance. */
  runsTaskGroup(group: string): boolean;
  /** The groups that have a task on the instance; doubles do not matter. */
  taskGroups(): Iterable<string>;
}

/** Whether the answer can change while tasks come and go; otherwise it holds until the instance itself changes. */
export function dependsOnTasks(expression: Expression): boolean {
  switch (expression.kind) {
    case 'comparison':
      return expression.subject.name === 'runningTasksCount' || expression.subject.name === 'task:group';
    case 'not':
      return dependsOnTasks(expression.part);
    default:
      return expression.parts.some(dependsOnTasks);
  }
}
