import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Engine } from '#libs/engine';
import type { Readiness } from '#libs/engine';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { Metrics } from './metrics.ts';

/** Liveness, readiness and metrics, on the API's own port. */
@Controller()
export class HealthController {
  readonly #engine: Engine;
  readonly #metrics: Metrics;
  readonly #mayWrite: boolean;

  constructor(
    @Inject(Engine) engine: Engine,
    @Inject(Metrics) metrics: Metrics,
    @Inject(PROCESS) { roles }: ProcessOptions,
  ) {
    this.#engine = engine;
    this.#metrics = metrics;
    this.#mayWrite = roles.has('writer');
  }

  @Get('livez')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /**
   * Ready: the views have caught up and, where this process is to write, its writers take commands, so that an agent can
   * join.
   */
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const readiness = this.#readiness();
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

  #readiness(): Readiness {
    const readiness = this.#engine.readiness();
    if (this.#mayWrite) return readiness;
    const { viewsCaughtUp, journalReadable, haltedViews } = readiness;
    return { ...readiness, ready: viewsCaughtUp && journalReadable && haltedViews.length === 0 };
  }
}
