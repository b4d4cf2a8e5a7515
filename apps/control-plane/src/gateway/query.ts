import type { QueryResult } from '#libs/projections';
import { rejected } from './api-problem.ts';

/** The value of a query or of an identifier's resolution. @throws ApiProblem with the query's own error */
export function unwrap<Value>(result: QueryResult<Value>): Value {
  if ('error' in result) throw rejected(result.error);
  return result.output;
}
