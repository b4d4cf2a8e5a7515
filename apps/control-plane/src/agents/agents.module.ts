import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Engine } from '#libs/engine';
import type { Locale } from '#libs/kernel';
import type { Logger } from 'pino';
import { EngineModule } from '../engine/engine.module.ts';
import { Outlets } from '../engine/outlets.ts';
import { GATEWAY_NATS, OWN_NATS } from '../nats/nats.module.ts';
import { LOCALE, LOG } from '../process/process.module.ts';
import { AgentDoor } from './agent-door.ts';
import { AgentsOutlet } from './agents.outlet.ts';
import { ClusterShards } from './cluster-shards.ts';

/** Where the agents of hosts come in, while this process writes. */
@Module({
  imports: [EngineModule],
  providers: [
    {
      provide: AgentDoor,
      inject: [OWN_NATS, GATEWAY_NATS, Engine, LOCALE, LOG],
      useFactory: (nc: NatsConnection, gateway: NatsConnection, engine: Engine, locale: Locale, log: Logger) =>
        new AgentDoor({ nc, gateway, host: new ClusterShards(engine, locale.account), locale, log }),
    },
    {
      provide: AgentsOutlet,
      inject: [AgentDoor, LOG],
      useFactory: (door: AgentDoor, log: Logger) => new AgentsOutlet(door, log),
    },
  ],
})
export class AgentsModule implements OnModuleInit {
  readonly #outlets: Outlets;
  readonly #outlet: AgentsOutlet;

  constructor(@Inject(Outlets) outlets: Outlets, @Inject(AgentsOutlet) outlet: AgentsOutlet) {
    this.#outlets = outlets;
    this.#outlet = outlet;
  }

  onModuleInit(): void {
    this.#outlets.add(this.#outlet);
  }
}
