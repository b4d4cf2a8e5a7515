import { randomUUID } from 'node:crypto';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsEndpoint } from './aws-endpoint.ts';
import { headOf, send } from './http-messages.ts';

const NO_BODY = new Uint8Array();

/** What is not one of this server's own pages goes to the AWS endpoint. */
@Controller()
export class AwsHttpController {
  readonly #endpoint: AwsEndpoint;

  constructor(@Inject(AwsEndpoint) endpoint: AwsEndpoint) {
    this.#endpoint = endpoint;
  }

  @All('*')
  async serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const requestId = randomUUID();
    const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
    send(reply, requestId, await this.#endpoint.respond({ ...headOf(request.raw), body }, requestId));
  }
}
