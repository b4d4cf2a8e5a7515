import type { AppendOutcome } from '#libs/event-store';
import {
  ClosedConnectionError,
  DrainingConnectionError,
  InvalidArgumentError,
  type Msg,
  NoRespondersError,
  PermissionViolationError,
} from '@nats-io/transport-node';
import type { ApiErrorBody } from './jetstream-api.ts';

interface PubAck {
  readonly seq?: number;
  readonly error?: ApiErrorBody;
}

const WRONG_LAST_SEQUENCE = 10071;

/** Errors that the server gives before it stores anything, by number; README.md holds the table. */
const CERTAINLY_NOT_STORED = new Set([
  10002, // resource limits exceeded for account
  10023, // insufficient resources
  10028, // insufficient memory resources available
  10039, // JetStream not enabled for account
  10047, // insufficient storage resources available
  10054, // message size exceeds maximum allowed
  10060, // expected stream does not match
  10076, // JetStream not enabled
  10097, // header size exceeds maximum allowed
  10109, // sealed stream
]);

/**
 * What a server's answer to an append means. Whatever is not known to come before the store counts as unknown: a wrong
 * "not stored" breaks a promise, a wrong "unknown" costs one look at the head.
 */
export function outcomeOfAnswer(message: Pick<Msg, 'json'>): AppendOutcome {
  let ack: PubAck;
  try {
    ack = message.json<PubAck>();
  } catch {
    return { kind: 'unknown', reason: 'the server’s answer is not JSON' };
  }
  if (ack.error === undefined) {
    // `duplicate: true` says that these very bytes are stored already, at that position.
    if (typeof ack.seq === 'number' && ack.seq > 0) return { kind: 'appended', streamRevision: ack.seq };
    return { kind: 'unknown', reason: 'the server’s answer names no position' };
  }
  const errCode = ack.error.err_code ?? 0;
  if (errCode === WRONG_LAST_SEQUENCE) return { kind: 'conflict' };
  const reason = `${ack.error.description ?? 'refused'} (${errCode})`;
  return CERTAINLY_NOT_STORED.has(errCode) ? { kind: 'refused', reason } : { kind: 'unknown', reason };
}

/** What a request without an answer means: refused only if the message cannot have reached a stream. */
export function outcomeOfFailure(error: unknown): AppendOutcome {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const neverArrived =
    cause instanceof NoRespondersError ||
    cause instanceof PermissionViolationError ||
    cause instanceof InvalidArgumentError ||
    cause instanceof ClosedConnectionError ||
    cause instanceof DrainingConnectionError;
  return { kind: neverArrived ? 'refused' : 'unknown', reason };
}
