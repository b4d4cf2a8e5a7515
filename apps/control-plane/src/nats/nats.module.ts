import { Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Metrics } from '../health/metrics.ts';
import { Closers } from '../process/closers.ts';
import { LOG, PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { openConnections } from './connections.ts';
import type { Connections } from './connections.ts';
import { guardedConnection } from './guarded-connection.ts';

/** Both connections, as they are. */
export const CONNECTIONS = Symbol('Connections');
/** The control plane's own side: other control planes, directives and events. Serves only what may be answered. */
export const OWN_NATS = Symbol('NatsConnection, own');
/** Where requests of agents and principals come in. Serves only what may be answered. */
export const GATEWAY_NATS = Symbol('NatsConnection, gateway');

async function connect({ env, log }: ProcessOptions, closers: Closers): Promise<Connections> {
  const connections = await openConnections(env, log);
  closers.add(() => connections.close());
  return connections;
}

@Module({
  providers: [
    { provide: CONNECTIONS, inject: [PROCESS, Closers], useFactory: connect },
    {
      provide: OWN_NATS,
      inject: [CONNECTIONS, Metrics, LOG],
      useFactory: ({ own }: Connections, metrics: Metrics, log: Logger) => guardedConnection(own, metrics, log),
    },
    {
      provide: GATEWAY_NATS,
      inject: [CONNECTIONS, Metrics, LOG],
      useFactory: ({ gateway }: Connections, metrics: Metrics, log: Logger) => guardedConnection(gateway, metrics, log),
    },
  ],
  exports: [CONNECTIONS, OWN_NATS, GATEWAY_NATS],
})
export class NatsModule implements OnApplicationShutdown {
  readonly #connections: Connections;

  constructor(@Inject(CONNECTIONS) connections: Connections) {
    this.#connections = connections;
  }

  /** Lets what is under way finish. */
  onApplicationShutdown(): Promise<void> {
    return this.#connections.drain();
  }
}
