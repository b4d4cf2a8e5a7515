import type { Msg, NatsConnection, Subscription, SubscriptionOptions } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Metrics } from '../health/metrics.ts';
import { type EntryPoint, isAnswerable, senderOf } from './sender-inbox.ts';

/** An attacker must not be able to fill the log: one line in this time says how many there were. */
const LOG_INTERVAL_MS = 10_000;

/**
 * A connection whose subscriptions deliver only what may be answered: the reply subject lies in the inbox of the sender.
 * A responder publishes with its own permissions wherever its caller says, so the check comes before anything is done.
 * What is refused gets no response, since there is nowhere to send one; it is counted and logged.
 */
export function guardedConnection(nc: NatsConnection, metrics: Metrics, log: Logger): NatsConnection {
  const refusals = new Refusals(metrics, log);
  const subscribe = (subject: string, options: SubscriptionOptions = {}): Subscription => {
    const { callback } = options;
    if (callback === undefined) throw new Error(`a guarded subscription needs a callback: ${subject}`);
    return nc.subscribe(subject, {
      ...options,
      callback: (error, message) => {
        if (error !== null || refusals.admits(message)) callback(error, message);
      },
    });
  };
  return Object.create(nc, { subscribe: { value: subscribe } }) as NatsConnection;
}

class Refusals {
  readonly #metrics: Metrics;
  readonly #log: Logger;
  #sinceLastLine = 0;
  #lastLineAt = Number.NEGATIVE_INFINITY;

  constructor(metrics: Metrics, log: Logger) {
    this.#metrics = metrics;
    this.#log = log;
  }

  admits({ subject, reply }: Msg): boolean {
    const sender = senderOf(subject);
    if (sender !== null && isAnswerable(sender, reply)) return true;
    this.#count(sender?.entryPoint ?? 'commands', subject, reply);
    return false;
  }

  #count(entryPoint: EntryPoint, subject: string, reply: string | undefined): void {
    this.#metrics.refusedReplySubjects.inc({ entry_point: entryPoint });
    this.#sinceLastLine += 1;
    const now = performance.now();
    if (now - this.#lastLineAt < LOG_INTERVAL_MS) return;
    this.#log.warn(
      { entryPoint, subject, reply, count: this.#sinceLastLine },
      'a request was refused: its reply subject is not in the inbox of its sender',
    );
    this.#lastLineAt = now;
    this.#sinceLastLine = 0;
  }
}
