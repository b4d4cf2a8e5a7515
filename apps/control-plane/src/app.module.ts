import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Settings } from '#libs/platform';
import { AuditMicroController } from './audit/audit-micro.controller.ts';
import { ControlPlane } from './control-plane.ts';
import { AwsEndpoint } from './gateway/aws-endpoint.ts';
import { AwsHttpController } from './gateway/aws-http.controller.ts';
import { Dispatcher } from './gateway/dispatcher.ts';
import { EcsMicroController } from './gateway/ecs-micro.controller.ts';
import { HealthController } from './health/health.controller.ts';
import { Metrics } from './health/metrics.ts';
import { SETTINGS } from './tokens.ts';

/** What was made before Nest starts: connections are opened, and refused, with one clear line and no half-built app. */
export interface AppParts {
  readonly settings: Settings;
  readonly controlPlane: ControlPlane;
  readonly dispatcher: Dispatcher;
  readonly endpoint: AwsEndpoint;
  readonly metrics: Metrics;
}

/** The doors of the control plane. */
@Module({})
export class AppModule {
  static with(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [HealthController, AwsHttpController, EcsMicroController, AuditMicroController],
      providers: [
        { provide: SETTINGS, useValue: parts.settings },
        { provide: ControlPlane, useValue: parts.controlPlane },
        { provide: Dispatcher, useValue: parts.dispatcher },
        { provide: AwsEndpoint, useValue: parts.endpoint },
        { provide: Metrics, useValue: parts.metrics },
      ],
    };
  }
}
