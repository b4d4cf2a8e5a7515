export { placementEngine } from './engine/placement-engine.ts';
export { checkExpression } from './query/check.ts';
export { evaluateExpression } from './query/evaluate.ts';
export { EXPRESSION_CHARACTERS_MAX } from './query/expression.ts';
export type { Expression, ExpressionSubject, SyntaxProblem } from './query/expression.ts';
export { parseExpression } from './query/parse.ts';
export { DEFAULT_STRATEGY } from './ranking/steps.ts';
export { REFUSALS } from './refusals.ts';
export type {
  HostDescription,
  HostRefusal,
  HostRemaining,
  PlacementEngine,
  PlacementRequest,
  PlacementResult,
  TaskDemand,
} from './types.ts';
