import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ControlPlane } from '../control-plane.ts';
import { Metrics } from './metrics.ts';

/** Liveness, readiness and metrics, on the API's own port. */
@Controller()
export class HealthController {
  readonly #controlPlane: ControlPlane;
  readonly #metrics: Metrics;

  constructor(@Inject(ControlPlane) controlPlane: ControlPlane, @Inject(Metrics) metrics: Metrics) {
    this.#controlPlane = controlPlane;
    this.#metrics = metrics;
  }

  @Get('livez')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Ready: the views have caught up and a writer takes commands, so that an agent can join. */
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const readiness = this.#controlPlane.readiness();
    reply.status(readiness.ready ? 200 : 503).send(readiness);
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    for (const { shard, queueLength } of this.#controlPlane.shells)
      this.#metrics.queuedCommands.set({ shard }, queueLength);
    this.#metrics.leading.set(this.#controlPlane.readiness().writing ? 1 : 0);
    const text = await this.#metrics.registry.metrics();
    reply.type(this.#metrics.registry.contentType).send(text);
  }
}
