import { Svcm } from '@nats-io/services';
import type { Service, ServiceMsg } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { commands } from '#libs/subjects';
import { isObservable, lastValueFrom } from 'rxjs';
import { EndpointStats } from './endpoint-stats.ts';

/** One context's catalogue entry: what `nats micro ls` and `nats micro info` show. */
export interface MicroContext {
  /** The context token of the subject, e.g. `ecs`. */
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
  /** `Nats-Msg-Id`: the sender's own id of this call, the same when it sends the call again. */
  readonly messageId: string | undefined;
  /** `Nats-Correlation-Id`. */
  readonly correlationId: string | undefined;
  /** `traceparent`, W3C trace context. */
  readonly traceParent: string | undefined;
}

/** What a message handler answers: JSON text, or an error for the ADR-32 headers. */
export type MicroResponse =
  | { readonly kind: 'answer'; readonly body: string }
  | { readonly kind: 'error'; readonly code: number; readonly description: string; readonly body: string };

/** The pattern of the message handler that serves an operation. */
export function endpointPattern(context: string, operation: string): string {
  return `${context}.${operation}`;
}

/** What the modules of this process serve. Each adds its own before the transport listens. */
export class MicroCatalogue {
  readonly contexts: MicroContext[] = [];

  add(context: MicroContext): void {
    this.contexts.push(context);
  }
}

/**
 * Nest's transport for NATS micro services (ADR-32). Nest's own NATS transport wraps payloads in an envelope of its own;
 * publishers here send plain JSON, and each operation is an endpoint with a message pattern of its own.
 */
export class MicroTransport extends Server implements CustomTransportStrategy {
  readonly #nc: NatsConnection;
  readonly #catalogue: MicroCatalogue;
  readonly #services: Service[] = [];

  constructor(nc: NatsConnection, catalogue: MicroCatalogue) {
    super();
    this.#nc = nc;
    this.#catalogue = catalogue;
  }

  listen(callback: (error?: unknown) => void): void {
    Promise.all(this.#catalogue.contexts.map((context) => this.#serve(context))).then(() => callback(), callback);
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
    const service = await new Svcm(this.#nc).add({ name, version, description });
    this.#services.push(service);
    const stats = new EndpointStats();
    stats.reportFor(service);
    for (const { name: operation, metadata } of operations) {
      const pattern = endpointPattern(context, operation);
      const handler = this.getHandlerByPattern(pattern);
      if (handler === null) throw new Error(`no message handler has the pattern ${pattern}`);
      service.addEndpoint(operation, {
        subject: commands.endpoint(context, operation),
        metadata,
        handler: (error, message) => {
          if (error !== null) this.handleError(error.message);
          else void this.#serveMessage(handler, operation, message, stats);
        },
      });
    }
  }

  async #serveMessage(
    handler: MessageHandler,
    operation: string,
    message: ServiceMsg,
    stats: EndpointStats,
  ): Promise<void> {
    const startedAt = performance.now();
    const response = this.#fitting(await this.#responseTo(handler, operation, message));
    const error = response.kind === 'error' ? headerText(response.description) : undefined;
    // Counted first: a caller that reads the statistics after its response finds it in them.
    stats.count(operation, performance.now() - startedAt, error);
    if (response.kind === 'answer') message.respond(response.body);
    else message.respondError(response.code, headerText(response.description), response.body);
  }

  /** A response that the server would refuse to carry becomes an error that it carries. */
  #fitting(response: MicroResponse): MicroResponse {
    const bytesMax = (this.#nc.info?.max_payload ?? Infinity) - HEADERS_BYTES_MAX;
    if (response.body.length * UTF8_BYTES_PER_CHARACTER_MAX <= bytesMax) return response;
    const bytes = Buffer.byteLength(response.body);
    if (bytes <= bytesMax) return response;
    const message = `The response of ${bytes} bytes does not fit into a NATS message: ask for less, or over HTTP.`;
    const __type = 'ResponseTooLargeException';
    const body = JSON.stringify({ __type, message });
    return { kind: 'error', code: 413, description: `${__type}: ${message}`, body };
  }

  async #responseTo(handler: MessageHandler, operation: string, message: ServiceMsg): Promise<MicroResponse> {
    const header = (name: string): string | undefined => message.headers?.get(name) || undefined;
    const request: MicroRequest = {
      operation,
      principal: commands.principalOf(message.subject),
      payload: message.data,
      messageId: header('Nats-Msg-Id'),
      correlationId: header('Nats-Correlation-Id'),
      traceParent: header('traceparent'),
    };
    try {
      const result: unknown = await handler(request);
      return (isObservable(result) ? await lastValueFrom(result) : result) as MicroResponse;
    } catch (error) {
      this.handleError(String(error));
      return { kind: 'error', code: 500, description: 'InternalFailure', body: '{"__type":"InternalFailure"}' };
    }
  }
}

/** The two headers of an error and their names, in the longest characters. */
const HEADERS_BYTES_MAX = 4_096;
/** A UTF-16 code unit is at most this many bytes of UTF-8. */
const UTF8_BYTES_PER_CHARACTER_MAX = 3;

/** Error texts may quote the caller; a header is one short line. The body has the whole text. */
const HEADER_CHARACTERS_MAX = 1_024;

function headerText(description: string): string {
  return description.slice(0, HEADER_CHARACTERS_MAX).replaceAll(/[\r\n]+/g, ' ');
}
