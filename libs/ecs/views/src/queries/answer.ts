import { AWS_ERROR_TYPES } from '#libs/ecs/messages';
import type { Rejection } from '#libs/ecs/messages';
import type { ViewHalted } from '../view/commit-view.ts';

/** An expected "no" that only queries know. */
export interface QueryRefusal {
  /**
   * ViewHalted: the view stopped at a fact that this version cannot fold, so nobody knows what it would say; never read
   * it as "is not there". NamespaceNotFound: no Cloud Map namespace exists here.
   */
  readonly code: 'ViewHalted' | 'NamespaceNotFound';
  readonly message: string;
}

export type QueryError = Rejection | QueryRefusal;

/** What was asked for, in the wire's own shape where it is a query's output, or the error that the caller gets. */
export type QueryResult<Output> = { readonly output: Output } | { readonly error: QueryError };

const QUERY_ERROR_TYPES: Readonly<Record<QueryRefusal['code'], string>> = {
  ViewHalted: 'ServerException',
  NamespaceNotFound: 'NamespaceNotFoundException',
};

/** The AWS error type of a query's error; `ServerException` is the only one with HTTP 500. */
export function awsErrorTypeOf({ code }: QueryError): string {
  return code === 'ViewHalted' || code === 'NamespaceNotFound' ? QUERY_ERROR_TYPES[code] : AWS_ERROR_TYPES[code];
}

export function refuse(code: QueryError['code'], message: string): { readonly error: QueryError } {
  return { error: { code, message } };
}

export function invalidParameter(message: string): { readonly error: QueryError } {
  return refuse('InvalidParameter', message);
}

export function viewHalted({ shard, revision, error }: ViewHalted): { readonly error: QueryError } {
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
