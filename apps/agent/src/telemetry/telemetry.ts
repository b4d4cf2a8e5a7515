import type { NatsConnection } from '@nats-io/transport-node';
import { metricsMessages } from '#libs/agents/telemetry';
import type { Cancel, Clock } from '#libs/kernel';
import { metrics } from '#libs/subjects';
import type { Logger } from 'pino';
import type { TelemetrySampler } from './telemetry-sampler.ts';

/** ECS reads the statistics of containers about once per second, too. */
const SAMPLE_INTERVAL_MS = 1_000;

export interface TelemetryOptions {
  readonly nc: NatsConnection;
  readonly cluster: string;
  readonly instanceId: string;
  readonly cpus: number;
  /** How much time a message is about. */
  readonly intervalMs: number;
  readonly sampler: TelemetrySampler;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Samples each second, and sends each interval. What cannot be sent is dropped and counted: measurements are no facts. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  #cancel: Cancel = () => {};
  #isConnected = true;
  #droppedMessages = 0;
  /** By the wall clock, and when the interval ends by one that does not jump. */
  #startTime = 0;
  #endsAt = 0;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#watchConnection().catch((error: unknown) =>
      this.#options.log.error({ err: error }, 'the connection is not watched any more'),
    );
    this.#begin();
    this.#sleep();
  }

  stop(): void {
    this.#cancel();
  }

  #begin(): void {
    const { clock, intervalMs } = this.#options;
    this.#startTime = clock.wall();
    this.#endsAt = clock.monotonic() + intervalMs;
  }

  #sleep(): void {
    this.#cancel = this.#options.clock.after(SAMPLE_INTERVAL_MS, () => {
      const { clock, sampler } = this.#options;
      sampler.sample(clock.monotonic());
      if (clock.monotonic() >= this.#endsAt) this.#send();
      this.#sleep();
    });
  }

  #send(): void {
    const { nc, cluster, instanceId, cpus, sampler, clock } = this.#options;
    const host = {
      cluster,
      containerInstanceId: instanceId,
      cpus,
      startTime: this.#startTime,
      // A clock that was set back must not make an interval that ends before it begins.
      endTime: Math.max(this.#startTime, clock.wall()),
      droppedMessages: this.#droppedMessages,
    };
    this.#begin();
    for (const message of metricsMessages(host, sampler.take())) {
      // A connection that is away would keep them until it is back.
      if (this.#isConnected && !nc.isClosed()) {
        nc.publish(metrics.instance(cluster, instanceId), JSON.stringify(message));
      } else this.#droppedMessages += 1;
    }
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.#options.nc.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      else if (type === 'reconnect') this.#isConnected = true;
    }
  }
}
