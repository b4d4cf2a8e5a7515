import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Engine } from '#libs/engine';
import { Metrics } from './metrics.ts';

/** Liveness, readiness and metrics, on the API's own port. */
@Controller()
export class HealthController {
  readonly #engine: Engine;
  readonly #metrics: Metrics;

  constructor(@Inject(Engine) engine: Engine, @Inject(Metrics) metrics: Metrics) {
    this.#engine = engine;
    this.#metrics = metrics;
  }

  @Get('livez')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Ready: the views have caught up and a writer takes commands, so that an agent can join. */
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const readiness = this.#engine.readiness();
    reply.status(readiness.ready ? 200 : 503).send(readiness);
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    for (const { shard, queueLength } of this.#engine.host.shells) {
      this.#metrics.queuedCommands.set({ shard }, queueLength);
    }
    this.#metrics.leading.set(this.#engine.readiness().writing ? 1 : 0);
    const text = await this.#metrics.registry.metrics();
    reply.type(this.#metrics.registry.contentType).send(text);
  }
}
