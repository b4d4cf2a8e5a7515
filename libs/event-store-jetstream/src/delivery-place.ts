import type { Msg } from '@nats-io/transport-node';

/** Where a delivered message stands. */
export interface DeliveryPlace {
  /** Position in the journal. */
  readonly streamRevision: number;
  /** The consumer's own count, from 1. */
  readonly delivery: number;
}

const TOKENS_WITHOUT_DOMAIN = 9;
const DOMAIN_AND_ACCOUNT_TOKENS = 2;
const STREAM_REVISION_TOKEN = 5;

/**
 * Reads the place from the subject on which the message could be acknowledged (ADR-15):
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>`, and since
 * nats-server 2.15 with domain and account before the stream and more behind. Null: not a delivery.
 */
export function deliveryPlace({ reply }: Pick<Msg, 'reply'>): DeliveryPlace | null {
  if (reply === undefined || !reply.startsWith('$JS.ACK.')) return null;
  const tokens = reply.split('.');
  const at = STREAM_REVISION_TOKEN + (tokens.length === TOKENS_WITHOUT_DOMAIN ? 0 : DOMAIN_AND_ACCOUNT_TOKENS);
  const [streamRevision, delivery] = [Number(tokens[at]), Number(tokens[at + 1])];
  return streamRevision > 0 && delivery > 0 ? { streamRevision, delivery } : null;
}
