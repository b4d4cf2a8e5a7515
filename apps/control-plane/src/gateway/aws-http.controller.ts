import { randomUUID } from 'node:crypto';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { decodeRequest, encodeError, operationOfTarget, unknownOperation, WireError } from '#libs/aws-wire';
import type { SigV4Verifier } from '#libs/aws-wire';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { outputText } from '#libs/projections';
import { Dispatcher } from './dispatcher.ts';

export const SIGV4_VERIFIER = Symbol('SigV4Verifier');
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const NO_BODY = new Uint8Array();

/** The AWS door: one port, every service; ECS is told by the signature's scope and X-Amz-Target. */
@Controller()
export class AwsHttpController {
  readonly #dispatcher: Dispatcher;
  readonly #verifier: SigV4Verifier<string>;

  constructor(@Inject(Dispatcher) dispatcher: Dispatcher, @Inject(SIGV4_VERIFIER) verifier: SigV4Verifier<string>) {
    this.#dispatcher = dispatcher;
    this.#verifier = verifier;
  }

  @All('*')
  async serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const requestId = randomUUID();
    const result = await this.#answer(request, requestId);
    reply.header('x-amzn-requestid', requestId);
    if (result instanceof WireError) {
      reply.status(result.httpStatus).header('x-amzn-errortype', result.type);
      reply.type(CONTENT_TYPE).send(encodeError(result));
    } else {
      reply.status(200).type(CONTENT_TYPE).send(result);
    }
  }

  async #answer(request: FastifyRequest, requestId: string): Promise<string | WireError> {
    const [path = '/', query = ''] = request.url.split('?', 2);
    if (request.method !== 'POST' || path !== '/') return unknownOperation(404);
    const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
    const identity = this.#verifier.verify({
      method: request.method,
      path,
      query,
      headers: request.raw.headersDistinct,
      body,
    });
    if (identity instanceof WireError) return identity;
    const target = request.headers['x-amz-target'];
    const operation = operationOfTarget(typeof target === 'string' ? target : undefined);
    if (operation instanceof WireError) return operation;
    const input = decodeRequest(operation, body);
    if (input instanceof WireError) return input;
    const caller = { principal: identity.principal, source: 'aws', requestId, callId: requestId, body } as const;
    const result = await this.#dispatcher.dispatch(operation.name, input, caller);
    return 'error' in result ? result.error : outputText(result.output);
  }
}
