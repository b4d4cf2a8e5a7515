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

/** The stream of public events, as the control plane makes it. Its account imports the events: publishers need not know of it. */
export class EventStream {
  readonly #connection: ConnectionWatch;

  constructor(nc: NatsConnection) {
    this.#connection = new ConnectionWatch(nc);
  }

  /**
   * Makes sure that the stream is there, with these limits. Nothing but what the control plane publishes gets into it.
   * @throws StoreUnavailable if there is no answer, JetStreamRefusal if the server cannot have it
   */
  async ensure(limits: EventStreamLimits): Promise<void> {
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
      await askJetStream(this.#connection, eventStream.create, config);
    } catch (error) {
      // It is there with other limits: the storage alone cannot be changed.
      if (!(error instanceof JetStreamRefusal) || error.errCode !== NAME_IN_USE) throw error;
      await askJetStream(this.#connection, eventStream.update, config);
    }
  }
}
