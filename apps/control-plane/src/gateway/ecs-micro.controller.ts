import { randomUUID } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { encodeError, modelledError, readJsonInput, unknownOperation, WireError } from '#libs/aws-wire';
import { ecsService } from '#libs/ecs/messages';
import type { Settings } from '#libs/platform';
import type { Caller } from '#libs/kernel';
import { SETTINGS } from '../tokens.ts';
import { principalArn, sentMembers, traceIdOf } from './caller.ts';
import { Dispatcher } from './dispatcher.ts';
import type { DispatchResult } from './service-calls.ts';
import type { MicroRequest, MicroResponse } from './micro-transport.ts';
import { NamedCalls } from './named-calls.ts';
import { ResponseMemory } from './response-memory.ts';

/** Ids that a sender chooses are recorded with its commands and sent on in headers. */
const SENDER_ID = /^[!-~]{1,128}$/;

/** ECS over NATS: `waybill.cmd.<principal>.ecs.<Operation>` with ECS JSON in and out. */
@Controller()
export class EcsMicroController {
  readonly #dispatcher: Dispatcher;
  readonly #account: string;
  readonly #namedCalls = new NamedCalls(new ResponseMemory());

  constructor(@Inject(Dispatcher) dispatcher: Dispatcher, @Inject(SETTINGS) settings: Settings) {
    this.#dispatcher = dispatcher;
    this.#account = settings.account;
  }

  @MessagePattern('ecs')
  async serve(@Payload() request: MicroRequest): Promise<MicroResponse> {
    const { operation, payload } = request;
    if (!Object.hasOwn(ecsService.shapes.operations, operation)) return refusal(unknownOperation());
    const caller = this.#callerOf(request);
    if (caller instanceof WireError) return refusal(caller);
    const input = { bytes: payload.byteLength, read: () => readJsonInput(ecsService, operation, payload) };
    const serve = (): Promise<DispatchResult> => this.#dispatcher.dispatch(operation, input, caller);
    const isNamed = request.messageId !== undefined && this.#dispatcher.changes(operation);
    const name = `${caller.principal} ${operation} ${caller.callId}`;
    const result = await (isNamed ? this.#namedCalls.run(name, serve) : serve());
    return 'error' in result ? refusal(result.error) : { kind: 'answer', body: result.body };
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
      // Parsed a second time only where a client token asks for it.
      get sent() {
        return sentMembers(payload);
      },
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
