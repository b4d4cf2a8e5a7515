import type { Rejection, RejectionCode } from '#libs/ecs/messages';
import type { Result, ViewHalted } from '#libs/kernel';

/** The answer, in the wire's own shape where it is a query's output, or why there is none. */
export type QueryResult<Value> = Result<Value, Rejection>;

/** A result that has no value. */
export interface Refused {
  readonly rejection: Rejection;
}

export function refuse(code: RejectionCode, message: string): Refused {
  return { rejection: { code, message } };
}

export function invalidParameter(message: string): Refused {
  return refuse('InvalidParameter', message);
}

export function viewHalted({ shard, revision, error }: ViewHalted): Refused {
  return refuse('ViewHalted', `The view of ${shard} stopped at revision ${revision}: ${error}`);
}

/** One thing that a Describe* could not answer. */
export interface Failure {
  readonly arn: string;
  readonly reason: string;
  readonly detail?: string;
}

export function missing(arn: string): Failure {
  return { arn, reason: 'MISSING' };
}
