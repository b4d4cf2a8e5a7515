import { randomUUID } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeRequest, encodeError, ecsOperations, modelledError, unknownOperation, WireError } from '#libs/aws-wire';
import type { Settings } from '#libs/platform';
import { outputText } from '#libs/projections';
import { SETTINGS } from '../tokens.ts';
import { principalArn, traceIdOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { Dispatcher } from './dispatcher.ts';
import type { MicroRequest, MicroResponse } from './micro-transport.ts';

/** Ids that a sender chooses are recorded with its commands and sent on in headers. */
const SENDER_ID = /^[!-~]{1,128}$/;

/** ECS over NATS: `waybill.cmd.<principal>.ecs.<Operation>` with ECS JSON in and out. */
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
    const caller = this.#callerOf(request);
    if (caller instanceof WireError) return refusal(caller);
    const input = decodeRequest(operation, request.payload);
    if (input instanceof WireError) return refusal(input);
    const result = await this.#dispatcher.dispatch(operation.name, input, caller);
    if ('error' in result) return refusal(result.error);
    return { kind: 'answer', body: outputText(result.output) };
  }

  #callerOf({ principal, messageId, correlationId, traceParent, payload }: MicroRequest): Caller | WireError {
    const fault = senderIdFault('Nats-Msg-Id', messageId) ?? senderIdFault('Nats-Correlation-Id', correlationId);
    if (fault !== undefined) return fault;
    const requestId = randomUUID();
    const traceId = traceIdOf(traceParent);
    return {
      principal: principalArn(this.#account, principal),
      source: 'nats',
      requestId,
      callId: messageId ?? requestId,
      body: payload,
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(traceId === undefined ? {} : { traceId }),
    };
  }
}

function senderIdFault(header: string, id: string | undefined): WireError | undefined {
  if (id === undefined || SENDER_ID.test(id)) return undefined;
  const rule = 'must have 1 to 128 characters, all of them in the range of ASCII 33-126.';
  return modelledError('InvalidParameterException', `${header} ${rule}`);
}

export function refusal(error: WireError): MicroResponse {
  const { type, message, httpStatus } = error;
  // Some errors of ECS have an empty message.
  const description = message === '' ? type : `${type}: ${message}`;
  return { kind: 'error', code: httpStatus, description, body: encodeError(error) };
}
