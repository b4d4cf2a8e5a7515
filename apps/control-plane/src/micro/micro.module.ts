import type { NatsConnection } from '@nats-io/transport-node';
import { Module } from '@nestjs/common';
import { GATEWAY_NATS, NatsModule } from '../nats/nats.module.ts';
import { MicroCatalogue, MicroTransport } from './micro-transport.ts';

/** The transport of what this process serves over NATS. */
@Module({
  imports: [NatsModule],
  providers: [
    MicroCatalogue,
    {
      provide: MicroTransport,
      inject: [GATEWAY_NATS, MicroCatalogue],
      useFactory: (nc: NatsConnection, catalogue: MicroCatalogue) => new MicroTransport(nc, catalogue),
    },
  ],
  exports: [MicroCatalogue, MicroTransport],
})
export class MicroModule {}
