import { randomUUID } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { modelledError, readJsonInput, WireError } from '#libs/aws-wire';
import type { Caller, Locale, ServiceModel } from '#libs/kernel';
import { errorResponse } from '../micro/micro-response.ts';
import { endpointPattern } from '../micro/micro-transport.ts';
import type { MicroRequest, MicroResponse } from '../micro/micro-transport.ts';
import { LOCALE } from '../process/process.module.ts';
import { principalArn, sentMembers, traceIdOf } from './caller.ts';
import type { Dispatcher } from './dispatcher.ts';
import { Dispatchers } from './dispatchers.ts';
import type { DispatchResult } from './service-calls.ts';
import { NamedCalls } from './named-calls.ts';
import { ResponseMemory } from './response-memory.ts';

/** Ids that a sender chooses are recorded with its commands and sent on in headers. */
const SENDER_ID = /^[!-~]{1,128}$/;

/**
 * The operations of a service over NATS: `waybill.cmd.<principal>.<service>.<Operation>` with the JSON of its API in and out.
 * A class with one message pattern per operation; the names come from the service's model, so they are not written here.
 */
export function operationsController(service: ServiceModel): Type {
  @Controller()
  class OperationsController extends OperationsOverNats {
    constructor(@Inject(Dispatchers) dispatchers: Dispatchers, @Inject(LOCALE) locale: Locale) {
      super(service, dispatchers.of(service).dispatcher, locale);
    }
  }
  const { prototype } = OperationsController;
  for (const operation of Object.keys(service.shapes.operations)) {
    const descriptor: PropertyDescriptor = {
      value(this: OperationsController, request: MicroRequest): Promise<MicroResponse> {
        return this.serve(operation, request);
      },
    };
    Object.defineProperty(prototype, operation, descriptor);
    MessagePattern(endpointPattern(service.signingName, operation))(prototype, operation, descriptor);
  }
  return OperationsController;
}

class OperationsOverNats {
  readonly #service: ServiceModel;
  readonly #dispatcher: Dispatcher;
  readonly #account: string;
  readonly #namedCalls = new NamedCalls(new ResponseMemory());

  constructor(service: ServiceModel, dispatcher: Dispatcher, { account }: Locale) {
    this.#service = service;
    this.#dispatcher = dispatcher;
    this.#account = account;
  }

  async serve(operation: string, request: MicroRequest): Promise<MicroResponse> {
    const caller = this.#callerOf(request);
    if (caller instanceof WireError) return errorResponse(caller);
    const { payload } = request;
    const input = { bytes: payload.byteLength, read: () => readJsonInput(this.#service, operation, payload) };
    const serve = (): Promise<DispatchResult> => this.#dispatcher.dispatch(operation, input, caller);
    const isNamed = request.messageId !== undefined && this.#dispatcher.changes(operation);
    const name = `${caller.principal} ${operation} ${caller.callId}`;
    const result = await (isNamed ? this.#namedCalls.run(name, serve) : serve());
    return 'error' in result ? errorResponse(result.error) : { kind: 'answer', body: result.body };
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
