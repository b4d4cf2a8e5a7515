import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import { AgentsEndpoint, Engine } from '#libs/engine';
import type { AnyAgentsProtocol, BoundedContext, Locale } from '#libs/kernel';
import { logNotes, processClock } from '#libs/platform';
import { agents } from '#libs/subjects';
import type { Logger } from 'pino';
import { EngineModule } from '../engine/engine.module.ts';
import { Outlets } from '../engine/outlets.ts';
import { publishBounded } from '../nats/bounded-payload.ts';
import { GATEWAY_NATS, OWN_NATS } from '../nats/nats.module.ts';
import { LOCALE, LOG } from '../process/process.module.ts';
import { AGENTS_PROTOCOL, protocolOf } from './agents-protocol.ts';
import { AgentsController } from './agents.controller.ts';
import { AgentsTransport } from './agents.transport.ts';

function createEndpoint(
  protocol: AnyAgentsProtocol,
  { host: shards }: Engine,
  nc: NatsConnection,
  log: Logger,
): AgentsEndpoint {
  return new AgentsEndpoint({
    protocol,
    shards,
    wire: {
      publish: ({ group, host }, directive) =>
        publishBounded(nc, agents.assign(group, host), JSON.stringify(directive), log),
    },
    clock: processClock,
    ids: { fresh: randomUUID },
    notes: logNotes(log),
  });
}

/** Where the agents of hosts come in, while this process writes. */
@Module({})
export class AgentsModule implements OnModuleInit {
  readonly #outlets: Outlets;
  readonly #endpoint: AgentsEndpoint;
  readonly #transport: AgentsTransport;

  constructor(
    @Inject(Outlets) outlets: Outlets,
    @Inject(AgentsEndpoint) endpoint: AgentsEndpoint,
    @Inject(AgentsTransport) transport: AgentsTransport,
  ) {
    this.#outlets = outlets;
    this.#endpoint = endpoint;
    this.#transport = transport;
  }

  static forContexts(contexts: readonly BoundedContext[]): DynamicModule {
    return {
      module: AgentsModule,
      imports: [EngineModule],
      controllers: [AgentsController],
      providers: [
        { provide: AGENTS_PROTOCOL, inject: [LOCALE], useFactory: (locale: Locale) => protocolOf(contexts, locale) },
        { provide: AgentsEndpoint, inject: [AGENTS_PROTOCOL, Engine, OWN_NATS, LOG], useFactory: createEndpoint },
        {
          provide: AgentsTransport,
          inject: [GATEWAY_NATS, LOG],
          useFactory: (nc: NatsConnection, log: Logger) => new AgentsTransport(nc, log),
        },
      ],
    };
  }

  onModuleInit(): void {
    const transport = this.#transport;
    this.#outlets.add(this.#endpoint);
    // Agents are heard once the endpoint is open.
    this.#outlets.add({
      open: () => transport.open(),
      close: () => transport.shut(),
      shardOpened: () => {},
      committed: () => {},
    });
  }
}
