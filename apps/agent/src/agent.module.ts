import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ContainerRuntime } from '#libs/container-runtime';
import { HostAgent } from './host/host-agent.ts';
import { CONTAINER_RUNTIME, NATS_CONNECTION } from './tokens.ts';
import { NatsAgentWire } from './wire/nats-agent-wire.ts';

/** What was made before Nest starts. */
export interface AgentParts {
  readonly nc: NatsConnection;
  readonly runtime: ContainerRuntime;
  readonly wire: NatsAgentWire;
  readonly agent: HostAgent;
}

/** One host's agent: starts with the application and lets go, in the reverse order, when it ends. */
@Module({})
export class AgentModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(NATS_CONNECTION) private readonly nc: NatsConnection,
    @Inject(CONTAINER_RUNTIME) private readonly runtime: ContainerRuntime,
    @Inject(NatsAgentWire) private readonly wire: NatsAgentWire,
    @Inject(HostAgent) private readonly agent: HostAgent,
  ) {}

  static with({ nc, runtime, wire, agent }: AgentParts): DynamicModule {
    return {
      module: AgentModule,
      providers: [
        { provide: NATS_CONNECTION, useValue: nc },
        { provide: CONTAINER_RUNTIME, useValue: runtime },
        { provide: NatsAgentWire, useValue: wire },
        { provide: HostAgent, useValue: agent },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.agent.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.agent.stop();
    this.wire.close();
    await this.runtime.close();
    await this.nc.close();
  }
}
