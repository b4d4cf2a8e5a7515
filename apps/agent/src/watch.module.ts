import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { WATCH } from './tokens.ts';

/** Looks after the host's containers on its own, from `start` to `stop`. */
export interface Watch {
  start(): void;
  stop(): void;
}

/** One watch, for as long as the agent runs. */
@Module({})
export class WatchModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(WATCH) private readonly watch: Watch) {}

  static with(watch: Watch): DynamicModule {
    return { module: WatchModule, providers: [{ provide: WATCH, useValue: watch }] };
  }

  onApplicationBootstrap(): void {
    this.watch.start();
  }

  onApplicationShutdown(): void {
    this.watch.stop();
  }
}
