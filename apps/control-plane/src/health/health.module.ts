import { Inject, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module.ts';
import { Outlets } from '../engine/outlets.ts';
import { HealthController } from './health.controller.ts';
import { Metrics } from './metrics.ts';

/** Liveness, readiness and metrics of this process. */
@Module({ imports: [EngineModule], controllers: [HealthController] })
export class HealthModule implements OnModuleInit {
  readonly #outlets: Outlets;
  readonly #metrics: Metrics;

  constructor(@Inject(Outlets) outlets: Outlets, @Inject(Metrics) metrics: Metrics) {
    this.#outlets = outlets;
    this.#metrics = metrics;
  }

  onModuleInit(): void {
    this.#outlets.add(this.#metrics);
  }
}
