import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ContainerRuntime } from '#libs/container-runtime';
import { AgentShell } from '#libs/agents/shell';
import { CONTAINER_RUNTIME, INSTANCE_ID, NATS_CONNECTION } from './tokens.ts';
import { NatsAgentWire } from './wire/nats-agent-wire.ts';

/** What was made before Nest starts. */
export interface AgentParts {
  readonly instanceId: string;
  readonly nc: NatsConnection;
  readonly runtime: ContainerRuntime;
  readonly wire: NatsAgentWire;
  readonly shell: AgentShell;
}

/** One host's agent: starts with the application and lets go, in the reverse order, when it ends. */
@Module({})
export class AgentModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(INSTANCE_ID) private readonly instanceId: string,
    @Inject(NATS_CONNECTION) private readonly nc: NatsConnection,
    @Inject(CONTAINER_RUNTIME) private readonly runtime: ContainerRuntime,
    @Inject(NatsAgentWire) private readonly wire: NatsAgentWire,
    @Inject(AgentShell) private readonly shell: AgentShell,
  ) {}

  /** @param imports what serves beside it: starts first and stops last */
  static with(
    { instanceId, nc, runtime, wire, shell }: AgentParts,
    imports: readonly DynamicModule[] = [],
  ): DynamicModule {
    return {
      module: AgentModule,
      imports: [...imports],
      providers: [
        { provide: INSTANCE_ID, useValue: instanceId },
        { provide: NATS_CONNECTION, useValue: nc },
        { provide: CONTAINER_RUNTIME, useValue: runtime },
        { provide: NatsAgentWire, useValue: wire },
        { provide: AgentShell, useValue: shell },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.shell.start();
    this.wire.attach(this.instanceId, this.shell);
  }

  async onApplicationShutdown(): Promise<void> {
    this.shell.stop();
    this.wire.close();
    await this.runtime.close();
    await this.nc.close();
  }
}
