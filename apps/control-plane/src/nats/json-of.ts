import type { Msg } from '@nats-io/transport-node';

/** The JSON value of a message; undefined where it is not JSON. */
export function jsonOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
