import { randomUUID } from 'node:crypto';
import { Catch, HttpException, HttpStatus } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { internalFailure, requestEntityTooLarge, serializationError, unknownOperation } from '#libs/aws-wire';
import type { WireError } from '#libs/aws-wire';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AwsEndpoint } from './aws-endpoint.ts';
import { headOf, send } from './http-messages.ts';

/** What Fastify refuses before a handler runs still gets an AWS response, never an HTML page. */
@Catch()
export class WireExceptionFilter implements ExceptionFilter {
  readonly #endpoint: AwsEndpoint;
  readonly #log: Logger;

  constructor(endpoint: AwsEndpoint, log: Logger) {
    this.#endpoint = endpoint;
    this.#log = log;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { raw } = http.getRequest<FastifyRequest>();
    const error = wireErrorOf(exception);
    if (error.httpStatus === 500) this.#log.error({ err: exception }, 'a request failed outside its handler');
    const requestId = randomUUID();
    send(http.getResponse<FastifyReply>(), requestId, this.#endpoint.respondWithError(headOf(raw), error, requestId));
  }
}

/** What Fastify refused: a body too large, one that could not be read, or one that the client broke off. */
function wireErrorOf(exception: unknown): WireError {
  const status = statusOf(exception);
  if (status === HttpStatus.PAYLOAD_TOO_LARGE) return requestEntityTooLarge();
  if (status === HttpStatus.NOT_FOUND) return unknownOperation(404);
  return status < HttpStatus.INTERNAL_SERVER_ERROR
    ? serializationError('The request could not be read.')
    : internalFailure();
}

/** Nest makes an HttpException of some of Fastify's errors; the others carry their status themselves. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = exception as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : HttpStatus.INTERNAL_SERVER_ERROR;
}
