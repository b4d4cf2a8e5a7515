import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Telemetry } from './telemetry.ts';

/** What the host's containers use, measured for as long as the agent runs. */
@Module({})
export class TelemetryModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(Telemetry) private readonly telemetry: Telemetry) {}

  static with(telemetry: Telemetry): DynamicModule {
    return { module: TelemetryModule, providers: [{ provide: Telemetry, useValue: telemetry }] };
  }

  onApplicationBootstrap(): void {
    this.telemetry.start();
  }

  onApplicationShutdown(): void {
    this.telemetry.stop();
  }
}
