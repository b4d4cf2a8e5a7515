import { metricsMessages } from '#libs/agents/telemetry';
import type { Cancel, Clock } from '#libs/kernel';
import type { SendMetrics } from './metrics-over-nats.ts';
import type { TelemetrySampler } from './telemetry-sampler.ts';

/** ECS reads the statistics of containers about once per second, too. */
const SAMPLE_INTERVAL_MS = 1_000;

export interface TelemetryOptions {
  readonly cluster: string;
  readonly instanceId: string;
  readonly cpus: number;
  /** How much time a message is about. */
  readonly intervalMs: number;
  readonly sampler: Pick<TelemetrySampler, 'sample' | 'take'>;
  readonly send: SendMetrics;
  readonly clock: Pick<Clock, 'wall' | 'monotonic' | 'after'>;
}

/** Samples each second, and sends each interval. What cannot be sent is dropped and counted: measurements are no facts. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  #cancel: Cancel = () => {};
  #droppedMessages = 0;
  /** By the wall clock, and when the interval ends by one that does not jump. */
  #startTime = 0;
  #endsAt = 0;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  start(): void {
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
    const { clock, sampler } = this.#options;
    this.#cancel = clock.after(SAMPLE_INTERVAL_MS, () => {
      const now = clock.monotonic();
      sampler.sample(now);
      if (now >= this.#endsAt) this.#sendInterval();
      this.#sleep();
    });
  }

  #sendInterval(): void {
    const { cluster, instanceId, cpus, sampler, send, clock } = this.#options;
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
    for (const message of metricsMessages(host, sampler.take())) if (!send(message)) this.#droppedMessages += 1;
  }
}
