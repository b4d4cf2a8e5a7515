import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import type { EventStore } from '#libs/event-store';
import type { BoundedContext, ContextViews } from '#libs/kernel';
import { Outlets } from '../engine/outlets.ts';
import { CURSORS, EVENT_STORE } from '../journal/journal.module.ts';
import type { Connections } from '../nats/connections.ts';
import { CONNECTIONS, OWN_NATS } from '../nats/nats.module.ts';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { ProjectionsModule, viewsOf } from '../projections/projections.module.ts';
import { readEventSettings } from './event-settings.ts';
import { keepEventStream } from './event-stream-keeper.ts';
import { PublicEventPublisher } from './public-event-publisher.ts';
import { PublicEventsOutlet } from './public-events.outlet.ts';

/** State changes for the world, published by the process that writes. */
@Module({})
export class PublicEventsModule implements OnModuleInit {
  readonly #outlets: Outlets;
  readonly #outlet: PublicEventsOutlet;

  constructor(@Inject(Outlets) outlets: Outlets, @Inject(PublicEventsOutlet) outlet: PublicEventsOutlet) {
    this.#outlets = outlets;
    this.#outlet = outlet;
  }

  static forContexts(contexts: readonly BoundedContext[]): DynamicModule {
    return {
      module: PublicEventsModule,
      imports: [ProjectionsModule.forContexts(contexts)],
      providers: [
        {
          provide: PublicEventPublisher,
          inject: [PROCESS, CONNECTIONS, OWN_NATS, CURSORS, EVENT_STORE, ...contexts.map(({ name }) => viewsOf(name))],
          useFactory: async (
            { env, log }: ProcessOptions,
            { own }: Connections,
            nc: NatsConnection,
            cursors: KV,
            store: EventStore,
            ...views: ContextViews[]
          ): Promise<PublicEventPublisher> => {
            const { limits, structuredCopies } = readEventSettings(env);
            await keepEventStream(own, limits, log);
            const sources = contexts.flatMap((context, i) =>
              views[i] === undefined ? [] : context.publicEvents(views[i]),
            );
            return new PublicEventPublisher({ nc, cursors, store, sources, structuredCopies, log });
          },
        },
        PublicEventsOutlet,
      ],
    };
  }

  onModuleInit(): void {
    this.#outlets.add(this.#outlet);
  }
}
