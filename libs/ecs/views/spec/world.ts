import { ViewDirectory } from '../src/index.ts';
import type { LogCommit, QueryError, QueryResult } from '../src/index.ts';
import { LOCALE, ShardLog } from './log-builder.ts';

/** Views that follow what a test writes into the account's log and those of clusters. */
export class World {
  readonly views = new ViewDirectory(LOCALE);
  readonly account = ShardLog.ofAccount();
  readonly cluster = ShardLog.ofCluster();

  /** Applies commits in order. */
  apply(...commits: readonly LogCommit[]): this {
    for (const commit of commits) this.views.apply(commit);
    return this;
  }
}

export function outputOf<Output>(result: QueryResult<Output>): Output {
  if ('error' in result) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.output;
}

export function errorOf(result: QueryResult<unknown>): QueryError {
  if ('output' in result) throw new Error(`expected an error, got ${JSON.stringify(result.output)}`);
  return result.error;
}
