import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { encodeError, internalFailure, requestEntityTooLarge, serializationError } from '#libs/aws-wire';
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
    const code =
      typeof exception === 'object' && exception !== null && 'code' in exception ? exception.code : undefined;
    const error =
      code === 'FST_ERR_CTP_BODY_TOO_LARGE'
        ? requestEntityTooLarge()
        : typeof code === 'string' && code.startsWith('FST_ERR_CTP')
          ? serializationError('The request body could not be read.')
          : internalFailure();
    if (error.httpStatus === 500) this.#log.error({ err: exception }, 'a request failed outside its handler');
    reply.status(error.httpStatus).type('application/x-amz-json-1.1').send(encodeError(error));
  }
}
