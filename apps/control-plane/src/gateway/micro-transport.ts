import { Svcm } from '@nats-io/services';
import type { Service, ServiceMsg } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { commands } from '#libs/contracts';
import { lastValueFrom } from 'rxjs';

/** One context's catalogue entry: what `nats micro ls` and `nats micro info` show. */
export interface MicroContext {
  /** The context token of the subject and the pattern of the Nest handler, e.g. `ecs`. */
  readonly context: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly operations: readonly { readonly name: string; readonly metadata: Record<string, string> }[];
}

/** What a message handler gets. */
export interface MicroRequest {
  readonly operation: string;
  /** The subject's principal token; NATS permissions prove it. */
  readonly principal: string;
  readonly payload: Uint8Array;
  readonly correlationId: string | undefined;
}

/** What a message handler answers: JSON text, or an error for the ADR-32 headers. */
export type MicroResponse =
  | { readonly kind: 'answer'; readonly body: string }
  | { readonly kind: 'error'; readonly code: number; readonly description: string; readonly body: string };

/**
 * Nest's transport for NATS micro services (ADR-32). Nest's own NATS transport wraps payloads in an envelope of its own;
 * publishers here send plain ECS JSON, so each API operation is an endpoint and one handler a context serves them.
 */
export class MicroTransport extends Server implements CustomTransportStrategy {
  readonly #nc: NatsConnection;
  readonly #contexts: readonly MicroContext[];
  readonly #services: Service[] = [];

  constructor(nc: NatsConnection, contexts: readonly MicroContext[]) {
    super();
    this.#nc = nc;
    this.#contexts = contexts;
  }

  listen(callback: (error?: unknown) => void): void {
    Promise.all(this.#contexts.map((context) => this.#serve(context))).then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await Promise.all(this.#services.splice(0).map((service) => service.stop()));
  }

  on(): never {
    throw new Error('the micro service transport emits no events of its own');
  }

  unwrap<T>(): T {
    return this.#services as T;
  }

  async #serve({ context, name, version, description, operations }: MicroContext): Promise<void> {
    const handler = this.getHandlerByPattern(context);
    if (handler === null) throw new Error(`no message handler serves the context ${context}`);
    const service = await new Svcm(this.#nc).add({ name, version, description });
    this.#services.push(service);
    for (const { name: operation, metadata } of operations) {
      service.addEndpoint(operation, {
        subject: commands.endpoint(context, operation),
        metadata,
        handler: (error, message) => {
          if (error !== null) this.handleError(error.message);
          else void this.#respond(handler, operation, message);
        },
      });
    }
  }

  async #respond(handler: MessageHandler, operation: string, message: ServiceMsg): Promise<void> {
    const request: MicroRequest = {
      operation,
      principal: commands.principalOf(message.subject),
      payload: message.data,
      correlationId: message.headers?.get('Nats-Correlation-Id') || undefined,
    };
    try {
      const result: unknown = await handler(request);
      const response = (await lastValueFrom(this.transformToObservable(result))) as MicroResponse;
      if (response.kind === 'answer') message.respond(response.body);
      else message.respondError(response.code, headerText(response.description), response.body);
    } catch (error) {
      this.handleError(String(error));
      message.respondError(500, 'InternalFailure', '{"__type":"InternalFailure"}');
    }
  }
}

/** Error texts may quote the caller; a header is one short line. The body has the whole text. */
const HEADER_CHARACTERS_MAX = 1_024;

function headerText(description: string): string {
  return description.slice(0, HEADER_CHARACTERS_MAX).replaceAll(/[\r\n]+/g, ' ');
}
