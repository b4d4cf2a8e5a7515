import { randomUUID } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeRequest, encodeError, ecsOperations, unknownOperation, WireError } from '#libs/aws-wire';
import { SETTINGS } from '../tokens.ts';
import type { Settings } from '#libs/platform';
import { principalArn } from './caller.ts';
import { outputText } from '#libs/projections';
import { Dispatcher } from './dispatcher.ts';
import type { MicroRequest, MicroResponse } from './micro-transport.ts';

/** The NATS door: `waybill.cmd.<principal>.ecs.<Operation>` with ECS JSON in and out. */
@Controller()
export class EcsMicroController {
  readonly #dispatcher: Dispatcher;
  readonly #account: string;

  constructor(@Inject(Dispatcher) dispatcher: Dispatcher, @Inject(SETTINGS) settings: Settings) {
    this.#dispatcher = dispatcher;
    this.#account = settings.account;
  }

  @MessagePattern('ecs')
  async serve(@Payload() request: MicroRequest): Promise<MicroResponse> {
    const operation = ecsOperations.get(request.operation);
    if (operation === undefined) return refusal(unknownOperation());
    const input = decodeRequest(operation, request.payload);
    if (input instanceof WireError) return refusal(input);
    const result = await this.#dispatcher.dispatch(operation.name, input, {
      principal: principalArn(this.#account, request.principal),
      source: 'nats',
      requestId: randomUUID(),
      ...(request.correlationId === undefined ? {} : { correlationId: request.correlationId }),
    });
    if ('error' in result) return refusal(result.error);
    return { kind: 'answer', body: outputText(result.output) };
  }
}

export function refusal(error: WireError): MicroResponse {
  return {
    kind: 'error',
    code: error.httpStatus,
    description: `${error.type}: ${error.message}`,
    body: encodeError(error),
  };
}
