import type { NatsConnection } from '@nats-io/transport-node';
import { EventStream } from '#libs/event-store-jetstream';
import type { EventStreamLimits } from '#libs/event-store-jetstream';
import type { Logger } from 'pino';

/**
 * Keeps the stream of public events there: made at the start, and again after a lost connection, since a nats-server that
 * was restarted has forgotten what it kept in memory. Events are published with or without it.
 */
export async function keepEventStream(nc: NatsConnection, limits: EventStreamLimits, log: Logger): Promise<void> {
  const stream = new EventStream(nc);
  const ensure = async (): Promise<void> => {
    try {
      await stream.ensure(limits);
    } catch (error) {
      log.warn({ err: error }, 'the stream of public events is not there: late subscribers find nothing');
    }
  };
  await ensure();
  void again(nc, ensure);
}

async function again(nc: NatsConnection, ensure: () => Promise<void>): Promise<void> {
  for await (const { type } of nc.status()) if (type === 'reconnect') await ensure();
}
