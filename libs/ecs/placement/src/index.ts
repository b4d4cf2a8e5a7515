export { placementEngine } from './engine/placement-engine.ts';
export { evaluateExpression } from './query/evaluate.ts';
export type { Expression, ExpressionSubject, SyntaxProblem } from './query/expression.ts';
export { parseExpression } from './query/parse.ts';
export { FARGATE_STRATEGY } from './ranking/steps.ts';
export { REFUSALS } from './refusals.ts';
export type { Refusal } from './refusals.ts';
export type {
  HostDescription,
  HostRefusal,
  HostRemaining,
  PlacementEngine,
  PlacementRequest,
  PlacementResult,
  TaskDemand,
} from './types.ts';
