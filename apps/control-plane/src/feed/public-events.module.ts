import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Engine } from '#libs/engine';
import type { EventStore } from '#libs/event-store';
import { EngineModule } from '../engine/engine.module.ts';
import { Outlets } from '../engine/outlets.ts';
import { CURSORS, EVENT_STORE } from '../journal/journal.module.ts';
import type { Connections } from '../nats/connections.ts';
import { CONNECTIONS, OWN_NATS } from '../nats/nats.module.ts';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { readEventSettings } from './event-settings.ts';
import { keepEventStream } from './event-stream-keeper.ts';
import { PublicEventPublisher } from './public-event-publisher.ts';
import { PublicEventsOutlet } from './public-events.outlet.ts';

async function createPublisher(
  { own }: Connections,
  nc: NatsConnection,
  cursors: KV,
  store: EventStore,
  engine: Engine,
  { env, log }: ProcessOptions,
): Promise<PublicEventPublisher> {
  const { limits, structuredCopies } = readEventSettings(env);
  await keepEventStream(own, limits, log);
  const sources = engine.contexts.map(({ context, views }) => context.publicEvents(views));
  return new PublicEventPublisher({ nc, cursors, store, sources, structuredCopies, log });
}

/** State changes for the world, published by the process that writes. */
@Module({
  imports: [EngineModule],
  providers: [
    {
      provide: PublicEventPublisher,
      inject: [CONNECTIONS, OWN_NATS, CURSORS, EVENT_STORE, Engine, PROCESS],
      useFactory: createPublisher,
    },
    PublicEventsOutlet,
  ],
})
export class PublicEventsModule implements OnModuleInit {
  readonly #outlets: Outlets;
  readonly #outlet: PublicEventsOutlet;

  constructor(@Inject(Outlets) outlets: Outlets, @Inject(PublicEventsOutlet) outlet: PublicEventsOutlet) {
    this.#outlets = outlets;
    this.#outlet = outlet;
  }

  onModuleInit(): void {
    this.#outlets.add(this.#outlet);
  }
}
