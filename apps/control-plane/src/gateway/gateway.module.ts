import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { inputSchemaId } from '#libs/aws-wire';
import { Engine } from '#libs/engine';
import type { BoundedContext, Locale } from '#libs/kernel';
import { ensureRootAccessKey, productVersion } from '#libs/platform';
import type { Logger } from 'pino';
import { EngineModule } from '../engine/engine.module.ts';
import { Metrics } from '../health/metrics.ts';
import { MicroCatalogue } from '../micro/micro-transport.ts';
import type { MicroContext } from '../micro/micro-transport.ts';
import { MicroModule } from '../micro/micro.module.ts';
import { LOCALE, LOG, PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { AwsEndpoint } from './aws-endpoint.ts';
import { AwsHttpController } from './aws-http.controller.ts';
import { Dispatchers } from './dispatchers.ts';
import type { DispatchedService } from './dispatchers.ts';
import { AwsHttpAdapter } from './http-adapter.ts';
import { operationsController } from './operations.controller.ts';
import { principalOfKey, servedServices } from './served-services.ts';
import { WireExceptionFilter } from './wire-exception.filter.ts';

/** What `nats micro ls` and `nats micro info` show of a service. */
function catalogueOf({ service, dispatcher }: DispatchedService): MicroContext {
  const { signingName, shapes } = service;
  const title = signingName.toUpperCase();
  return {
    context: signingName,
    name: `waybill-${signingName}`,
    version: productVersion(),
    description: `The Amazon ${title} API: ${title} JSON in, ${title} JSON out.`,
    // One that is not served responds with UnsupportedFeatureException, as it does over HTTP.
    operations: Object.keys(shapes.operations).map((name) => ({
      name,
      metadata: { schema: inputSchemaId(service, name), served: String(dispatcher.serves(name)) },
    })),
  };
}

async function createEndpoint(
  { settings }: ProcessOptions,
  locale: Locale,
  dispatchers: Dispatchers,
): Promise<AwsEndpoint> {
  const { key } = await ensureRootAccessKey(settings.home);
  return new AwsEndpoint(servedServices(locale, key, dispatchers), principalOfKey(locale.account, key));
}

/** The API of all contexts, over HTTP and over NATS. */
@Module({})
export class GatewayModule implements OnModuleInit {
  readonly #catalogue: MicroCatalogue;
  readonly #dispatchers: Dispatchers;
  readonly #endpoint: AwsEndpoint;
  readonly #http: HttpAdapterHost;

  constructor(
    @Inject(MicroCatalogue) catalogue: MicroCatalogue,
    @Inject(Dispatchers) dispatchers: Dispatchers,
    @Inject(AwsEndpoint) endpoint: AwsEndpoint,
    @Inject(HttpAdapterHost) http: HttpAdapterHost,
  ) {
    this.#catalogue = catalogue;
    this.#dispatchers = dispatchers;
    this.#endpoint = endpoint;
    this.#http = http;
  }

  static forContexts(contexts: readonly BoundedContext[]): DynamicModule {
    return {
      module: GatewayModule,
      imports: [EngineModule, MicroModule],
      controllers: [AwsHttpController, ...contexts.flatMap(({ services }) => services.map(operationsController))],
      providers: [
        {
          provide: Dispatchers,
          inject: [Engine, Metrics, LOG],
          useFactory: (engine: Engine, metrics: Metrics, log: Logger) =>
            new Dispatchers(contexts, { engine, metrics, log }),
        },
        { provide: AwsEndpoint, inject: [PROCESS, LOCALE, Dispatchers], useFactory: createEndpoint },
        {
          provide: APP_FILTER,
          inject: [AwsEndpoint, LOG],
          useFactory: (endpoint: AwsEndpoint, log: Logger) => new WireExceptionFilter(endpoint, log),
        },
      ],
    };
  }

  onModuleInit(): void {
    for (const service of this.#dispatchers.services) this.#catalogue.add(catalogueOf(service));
    const { httpAdapter } = this.#http;
    if (httpAdapter instanceof AwsHttpAdapter) httpAdapter.serve(this.#endpoint);
  }
}
