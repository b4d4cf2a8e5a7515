import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { EphemeralStorage } from './ephemeral-storage.ts';

/** What tasks write besides volumes, measured for as long as the agent runs. */
@Module({})
export class EphemeralStorageModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(EphemeralStorage) private readonly storage: EphemeralStorage) {}

  static with(storage: EphemeralStorage): DynamicModule {
    return { module: EphemeralStorageModule, providers: [{ provide: EphemeralStorage, useValue: storage }] };
  }

  onApplicationBootstrap(): void {
    this.storage.start();
  }

  onApplicationShutdown(): void {
    this.storage.stop();
  }
}
