import { events, eventStream } from '#libs/subjects';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionWatch } from './connection-watch.ts';
import { askJetStream, JetStreamRefusal } from './jetstream-api.ts';

/** How much of the past the stream of public events keeps; the oldest events leave first. */
export interface EventStreamLimits {
  /**
   * In memory nothing is synced, so that events never wait for, nor delay, the journal; a restart of nats-server empties
   * the stream. In a file every event is a synced write of its own, on a server that syncs every write.
   */
  readonly storage: 'memory' | 'file';
  readonly ageSecondsMax: number;
  readonly bytesMax: number;
}

const NAME_IN_USE = 10058;
const NANOSECONDS_PER_SECOND = 1_000_000_000;

/**
 * Makes sure that the stream of public events is there with these limits. Its account imports the events, so publishers
 * need not know of it, and no one else can write to it.
 * @throws StoreUnavailable if there is no answer, JetStreamRefusal if the server cannot have it
 */
export async function ensureEventStream(nc: NatsConnection, limits: EventStreamLimits): Promise<void> {
  const connection = new ConnectionWatch(nc);
  const config = {
    name: eventStream.name,
    subjects: [events.every],
    storage: limits.storage,
    max_age: limits.ageSecondsMax * NANOSECONDS_PER_SECOND,
    max_bytes: limits.bytesMax,
    retention: 'limits',
    discard: 'old',
    deny_delete: true,
    deny_purge: true,
  };
  try {
    await askJetStream(connection, eventStream.create, config);
  } catch (error) {
    // It is there with other limits: the storage alone cannot be changed.
    if (!(error instanceof JetStreamRefusal) || error.errCode !== NAME_IN_USE) throw error;
    await askJetStream(connection, eventStream.update, config);
  }
}
