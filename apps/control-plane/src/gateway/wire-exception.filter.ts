import { Catch, HttpException, HttpStatus } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { encodeError, internalFailure, requestEntityTooLarge, serializationError } from '#libs/aws-wire';
import type { WireError } from '#libs/aws-wire';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';

/** What Fastify refuses before a handler runs still gets an AWS answer, never an HTML page. */
@Catch()
export class WireExceptionFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = wireErrorOf(exception);
    if (error.httpStatus === 500) this.#log.error({ err: exception }, 'a request failed outside its handler');
    reply.status(error.httpStatus).type('application/x-amz-json-1.1').send(encodeError(error));
  }
}

/** Nest has made an HttpException of whatever Fastify refused: a body too large, or one that could not be read. */
function wireErrorOf(exception: unknown): WireError {
  if (!(exception instanceof HttpException)) return internalFailure();
  const status: number = exception.getStatus();
  if (status === HttpStatus.PAYLOAD_TOO_LARGE) return requestEntityTooLarge();
  return status < HttpStatus.INTERNAL_SERVER_ERROR
    ? serializationError('The request could not be read.')
    : internalFailure();
}
