import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { AgentsModule } from './agents/agents.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { contexts } from '#contexts';
import { PublicEventsModule } from './public-events/public-events.module.ts';
import { GatewayModule } from './gateway/gateway.module.ts';
import { HealthModule } from './health/health.module.ts';
import type { Closers } from './process/closers.ts';
import { ProcessModule } from './process/process.module.ts';
import type { ProcessOptions } from './process/process.module.ts';
import type { Role } from './process/roles.ts';
import { ProjectionsModule } from './projections/projections.module.ts';

type Imported = Type | DynamicModule;

/** What each role brings, besides health. */
const MODULES: Readonly<Record<Role, readonly Imported[]>> = {
  gateway: [GatewayModule.forContexts(contexts)],
  writer: [AgentsModule.forContexts(contexts), PublicEventsModule.forContexts(contexts), AuditModule],
  projections: [ProjectionsModule.forContexts(contexts)],
};

@Module({})
export class AppModule {
  static with(options: ProcessOptions, closers: Closers): DynamicModule {
    const ofRoles = [...options.roles].flatMap((role) => MODULES[role]);
    return {
      module: AppModule,
      imports: [ProcessModule.with(options, closers), HealthModule, ...ofRoles],
    };
  }
}
