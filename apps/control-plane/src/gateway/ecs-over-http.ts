import { ecsModel, operationOfTarget, protocols, throttling, WireError } from '#libs/aws-wire';
import type { SigV4Request, SigV4Verifier, WireResponse } from '#libs/aws-wire';
import type { Authenticate, RequestHead, ServedService } from './aws-endpoint.ts';
import { traceIdOf } from './caller.ts';
import type { Dispatcher, DispatchResult } from './dispatcher.ts';
import { ResponseMemory } from './response-memory.ts';
import { SignedCalls } from './signed-calls.ts';

const HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/** ECS over HTTP: AWS JSON 1.1. */
export class EcsOverHttp implements ServedService {
  readonly model = ecsModel;
  readonly verifier: SigV4Verifier<string>;
  readonly #dispatcher: Dispatcher;
  readonly #signedCalls = new SignedCalls(new ResponseMemory(), Date.now);

  constructor(verifier: SigV4Verifier<string>, dispatcher: Dispatcher) {
    this.verifier = verifier;
    this.#dispatcher = dispatcher;
  }

  refuseEarly({ headers }: RequestHead, claimedPrincipal: string): WireError | undefined {
    const operation = operationOfTarget(first(headers['x-amz-target']));
    if (operation instanceof WireError) return undefined;
    const bytes = Number(first(headers['content-length'])) || 0;
    return this.#dispatcher.hasRoomFor(operation.name, claimedPrincipal, bytes) ? undefined : throttling();
  }

  async serve(request: SigV4Request, authenticate: Authenticate, requestId: string): Promise<WireResponse> {
    const result = await this.#resultOf(request, authenticate, requestId);
    if ('error' in result) return protocols[this.model.protocol].encodeError(result.error, requestId);
    return { status: 200, headers: HEADERS, body: result.body };
  }

  async #resultOf(
    { headers, body }: SigV4Request,
    authenticate: Authenticate,
    requestId: string,
  ): Promise<DispatchResult> {
    const identity = authenticate();
    if (identity instanceof WireError) return { error: identity };
    const operation = operationOfTarget(first(headers['x-amz-target']));
    if (operation instanceof WireError) return { error: operation };
    const traceId = traceIdOf(first(headers['traceparent']));
    const serve = (callId: string): Promise<DispatchResult> =>
      this.#dispatcher.dispatch(operation.name, body, {
        principal: identity.principal,
        source: 'aws',
        requestId,
        callId,
        body,
        ...(traceId === undefined ? {} : { traceId }),
      });
    if (!this.#dispatcher.changes(operation.name)) return serve(requestId);
    const invocationId = first(headers['amz-sdk-invocation-id']);
    return this.#signedCalls.run({ ...identity, invocationId }, serve);
  }
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value;
}
