import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX, malformedHttpRequest, protocols, serializationError, throttling } from '#libs/aws-wire';
import type { WireError, WireResponse } from '#libs/aws-wire';
import type { AwsEndpoint } from './aws-endpoint.ts';
import { headOf, send } from './http-messages.ts';
import { TurnPacer } from './turn-pacer.ts';

/** A request must have arrived whole by then. */
const REQUEST_MS_MAX = 30_000;
/** How long requests that are under way may keep a process that stops. */
const STOP_MS_MAX = 5_000;
/** Requests that are read and checked in one turn of the event loop are some milliseconds of work, and less than a second's wait. */
const PACE = { perTurnMax: 50, waitingPerLineMax: 500 } as const;
/** The server's own pages, which are not Amazon's. */
const OWN_PAGES = ['/livez', '/readyz', '/metrics'];

/** What answers requests; a process without the API has none. */
interface Served {
  endpoint: AwsEndpoint | null;
}

/** Fastify with every response of its own replaced by one that AWS clients can read. */
export class AwsHttpAdapter extends FastifyAdapter {
  readonly #served: Served;

  constructor() {
    const served: Served = { endpoint: null };
    super({
      bodyLimit: BODY_BYTES_MAX,
      requestTimeout: REQUEST_MS_MAX,
      // Node's own response to a request without one has no body.
      http: { requireHostHeader: false },
      // The endpoint responds while the server stops.
      return503OnClosing: false,
      clientErrorHandler: (error, socket) => respondToMalformed(error, socket),
      frameworkErrors: (_error: Error, { raw }: FastifyRequest, reply: FastifyReply) =>
        respondToUnreadableAddress(served, raw, reply),
    });
    this.#served = served;
    this.getInstance().server.on('checkExpectation', ({ socket }) => {
      respondOnSocket(malformedHttpRequest(417, 'The expectation of the request is not known.'), socket);
    });
  }

  /** Everything but the server's own pages is a request of the API. Called before the application listens. */
  serve(endpoint: AwsEndpoint): void {
    this.#served.endpoint = endpoint;
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    // The signature covers the raw bytes, whatever the content type says.
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const pacer = new TurnPacer(PACE);
    fastify.addHook('onRequest', (request, reply, done) => {
      if (OWN_PAGES.includes(request.url)) {
        done();
        return;
      }
      const head = headOf(request.raw);
      const requestId = randomUUID();
      const claimed = endpoint.claimedPrincipalOf(head);
      const isTaken = pacer.run(claimed ?? '', () => {
        const response = endpoint.respondEarly(head, claimed, requestId);
        if (response === undefined) done();
        else send(reply, requestId, response);
      });
      if (!isTaken) send(reply, requestId, endpoint.respondWithError(head, throttling(), requestId));
    });
    fastify.addHook('preClose', (done) => {
      endpoint.stop();
      setTimeout(() => fastify.server.closeAllConnections(), STOP_MS_MAX).unref();
      done();
    });
  }
}

function respondToUnreadableAddress({ endpoint }: Served, raw: IncomingMessage, reply: FastifyReply): void {
  const requestId = randomUUID();
  const error = serializationError('The address of the request could not be read.');
  const head = headOf(raw);
  send(reply, requestId, endpoint?.respondWithError(head, error, requestId) ?? encodedError(error, requestId));
}

/** Bytes that are not an HTTP request. */
function respondToMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  respondOnSocket(faultOf(error), socket);
}

function respondOnSocket(error: WireError, socket: Socket): void {
  const requestId = randomUUID();
  const { status, headers, body } = encodedError(error, requestId);
  const lines = Object.entries({
    ...headers,
    'x-amzn-requestid': requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${String(body)}`);
}

function faultOf({ code }: NodeJS.ErrnoException): WireError {
  if (code === 'HPE_HEADER_OVERFLOW') return malformedHttpRequest(431, 'The headers of the request are too large.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return malformedHttpRequest(408, 'The request did not arrive in time.');
  return malformedHttpRequest(400, 'The request is not valid HTTP.');
}

/** Which service the request was for is unknown, so the response is AWS JSON. */
function encodedError(error: WireError, requestId: string): WireResponse {
  return protocols['json-1.1'].encodeError(error, { requestId });
}
