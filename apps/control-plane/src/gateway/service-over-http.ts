import { operationNotOffered, protocols, throttling, unknownOperation, WireError } from '#libs/aws-wire';
import type { Route, SigV4Identity, SigV4Request, SigV4Verifier, WireResponse } from '#libs/aws-wire';
import type { Caller, ServiceModel } from '#libs/kernel';
import { sentMembers, traceIdOf } from './caller.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { RequestHead } from './http-messages.ts';
import { ResponseMemory } from './response-memory.ts';
import type { DispatchResult, Payload } from './service-calls.ts';
import { SignedCalls } from './signed-calls.ts';

/** A request that was routed to a service. */
export type ServedRoute = Extract<Route, { kind: 'served' }>;

/** One of Amazon's services over HTTP, in whatever protocols its model has. */
export class ServiceOverHttp {
  readonly service: ServiceModel;
  readonly #verifier: SigV4Verifier<string>;
  readonly #dispatcher: Dispatcher;
  readonly #signedCalls = new SignedCalls(new ResponseMemory(), Date.now);

  /** The principal's ARN is what a signature proves. */
  constructor(service: ServiceModel, verifier: SigV4Verifier<string>, dispatcher: Dispatcher) {
    this.service = service;
    this.#verifier = verifier;
    this.#dispatcher = dispatcher;
  }

  /** Refuses a request before it is read and its signature is checked, which is most of the work under an overload. */
  refuseEarly({ operation }: ServedRoute, { headers }: RequestHead, claimedPrincipal: string): WireError | undefined {
    if (operation === undefined) return undefined;
    const bytes = Number(first(headers['content-length'])) || 0;
    return this.#dispatcher.hasRoomFor(operation, claimedPrincipal, bytes) ? undefined : throttling();
  }

  async serve(route: ServedRoute, request: SigV4Request, requestId: string): Promise<WireResponse> {
    const { service } = this;
    const protocol = protocols[route.protocol.name];
    const result = await this.#resultOf(route, request, requestId);
    if (!('error' in result)) return protocol.writeOutput(service, route.operation ?? '', result.body, requestId);
    const wantsQueryCode = first(request.headers['x-amzn-query-mode']) === 'true';
    return protocol.encodeError(result.error, { requestId, service, wantsQueryCode });
  }

  async #resultOf(
    { protocol, operation }: ServedRoute,
    request: SigV4Request,
    requestId: string,
  ): Promise<DispatchResult> {
    // These carry no signature, so no permission could be checked: none is served.
    if (operation !== undefined && this.service.unsignedOperations?.includes(operation) === true) {
      return { error: operationNotOffered(operation) };
    }
    const identity = this.#verifier.verify(request);
    if (identity instanceof WireError) return { error: identity };
    if (operation === undefined) return { error: unknownOperation() };
    const payload: Payload = {
      bytes: request.body.byteLength,
      read: () => protocols[protocol.name].readInput(this.service, operation, request),
    };
    const serve = (callId: string): Promise<DispatchResult> =>
      this.#dispatcher.dispatch(operation, payload, callerOf(identity, request, requestId, callId));
    if (!this.#dispatcher.changes(operation)) return serve(requestId);
    const invocationId = first(request.headers['amz-sdk-invocation-id']);
    return this.#signedCalls.run({ ...identity, invocationId }, serve);
  }
}

function callerOf(
  { principal }: SigV4Identity<string>,
  { headers, body }: SigV4Request,
  requestId: string,
  callId: string,
): Caller {
  const traceId = traceIdOf(first(headers['traceparent']));
  return {
    principal,
    source: 'aws',
    requestId,
    callId,
    // Parsed a second time only where a client token asks for it: the input that was read does not show what was left out.
    get sent() {
      return sentMembers(body);
    },
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value;
}
