import { modelledError } from '#libs/aws-wire';
import { awsErrorTypeOf } from '#libs/ecs/views';
import type { QueryResult } from '#libs/ecs/views';
import { ApiProblem } from './api-problem.ts';

/** The value of a query or of an identifier's resolution. @throws ApiProblem with the query's own error */
export function unwrap<Value>(result: QueryResult<Value>): Value {
  if ('error' in result) throw new ApiProblem(modelledError(awsErrorTypeOf(result.error), result.error.message));
  return result.output;
}
