import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { MESSAGE_BYTES_MAX } from '#libs/subjects';
import type { Logger } from 'pino';

/**
 * A message as it is sent, or null for one that is larger than any may be. Whatever can become large is paged, split or
 * refused where it is made, so this is a defect; it costs this one message, where the client library would throw.
 */
export function boundedPayload(body: string, subject: string, log: Logger): Uint8Array | null {
  const payload = Buffer.from(body);
  if (payload.length <= MESSAGE_BYTES_MAX) return payload;
  log.error({ subject, bytes: payload.length }, 'a message is too large and was not sent');
  return null;
}

/** Publishes a message that has no response, in the middle of work that must go on. */
export function publishBounded(
  nc: NatsConnection,
  subject: string,
  body: string,
  log: Logger,
  headers?: MsgHdrs,
): void {
  const payload = boundedPayload(body, subject, log);
  if (payload !== null && !nc.isClosed()) nc.publish(subject, payload, headers === undefined ? {} : { headers });
}
