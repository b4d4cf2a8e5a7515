import { ViewDirectory } from '../src/index.ts';
import type { LogCommit, QueryResult } from '../src/index.ts';
import type { Rejection } from '#libs/ecs/messages';
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
  if ('rejection' in result) throw new Error(`${result.rejection.code}: ${result.rejection.message}`);
  return result.value;
}

export function rejectionOf(result: QueryResult<unknown>): Rejection {
  if ('value' in result) throw new Error(`expected a rejection, got ${JSON.stringify(result.value)}`);
  return result.rejection;
}
