import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { failedPageText, metadataRoute, RateLimit, unknownEndpointText } from '#libs/agents/metadata';
import type { Clock } from '#libs/kernel';
import type { Logger } from 'pino';
import type { MetadataPages } from './metadata-pages.ts';

const CONNECTIONS_MAX = 512;
/** As the ECS agent's. */
const REQUEST_TIMEOUT_MS = 5_000;

/** The task metadata endpoint: HTTP around `MetadataPages`. */
export class MetadataServer {
  readonly #server: Server;
  readonly #log: Logger;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #limit: RateLimit;

  /** @param server listens already */
  constructor(server: Server, clock: Pick<Clock, 'monotonic'>, log: Logger) {
    this.#server = server;
    this.#log = log;
    this.#clock = clock;
    this.#limit = new RateLimit(clock.monotonic());
    server.maxConnections = CONNECTIONS_MAX;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.headersTimeout = REQUEST_TIMEOUT_MS;
  }

  serve(pages: MetadataPages): void {
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // Bodies are of no use here.
      request.resume();
      this.#answer(pages, request, response).catch((error: unknown) => {
        this.#log.error({ err: error }, 'a request for metadata could not be answered');
        response.destroy();
      });
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(pages: MetadataPages, { method, url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#limit.take(this.#clock.monotonic()))
      return plain(response, 429, 'You have reached maximum request limit.');
    const route = metadataRoute(url);
    if (route === undefined) return plain(response, 404, '404 page not found');
    if (method !== 'GET') {
      response.setHeader('Allow', 'GET');
      return plain(response, 405, '');
    }
    try {
      const page = await pages.read(route);
      if (page === undefined) json(response, 404, unknownEndpointText(route));
      else json(response, 200, page);
    } catch (error) {
      this.#log.warn({ err: error, page: route.page }, 'the metadata of a task could not be read');
      json(response, 500, failedPageText(route));
    }
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
