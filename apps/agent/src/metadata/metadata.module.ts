import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { MetadataPages } from './metadata-pages.ts';
import { MetadataServer } from './metadata-server.ts';

/** What containers read about themselves, for as long as the agent runs. */
@Module({})
export class MetadataModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(MetadataServer) private readonly server: MetadataServer,
    @Inject(MetadataPages) private readonly pages: MetadataPages,
  ) {}

  static with(server: MetadataServer, pages: MetadataPages): DynamicModule {
    return {
      module: MetadataModule,
      providers: [
        { provide: MetadataServer, useValue: server },
        { provide: MetadataPages, useValue: pages },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.server.serve(this.pages);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
