import { decodeRequest, ecsModel, operationOfTarget, protocols, WireError } from '#libs/aws-wire';
import type { SigV4Request, SigV4Verifier, WireResponse } from '#libs/aws-wire';
import { outputText } from '#libs/projections';
import type { Authenticate, ServedService } from './aws-endpoint.ts';
import { traceIdOf } from './caller.ts';
import type { Dispatcher } from './dispatcher.ts';

const HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/** ECS over HTTP: AWS JSON 1.1. */
export class EcsOverHttp implements ServedService {
  readonly model = ecsModel;
  readonly verifier: SigV4Verifier<string>;
  readonly #dispatcher: Dispatcher;

  constructor(verifier: SigV4Verifier<string>, dispatcher: Dispatcher) {
    this.verifier = verifier;
    this.#dispatcher = dispatcher;
  }

  async serve(request: SigV4Request, authenticate: Authenticate, requestId: string): Promise<WireResponse> {
    const result = await this.#resultOf(request, authenticate, requestId);
    if (result instanceof WireError) return protocols[this.model.protocol].encodeError(result, requestId);
    return { status: 200, headers: HEADERS, body: result };
  }

  async #resultOf(
    { headers, body }: SigV4Request,
    authenticate: Authenticate,
    requestId: string,
  ): Promise<string | WireError> {
    const identity = authenticate();
    if (identity instanceof WireError) return identity;
    const operation = operationOfTarget(first(headers['x-amz-target']));
    if (operation instanceof WireError) return operation;
    const input = decodeRequest(operation, body);
    if (input instanceof WireError) return input;
    const traceId = traceIdOf(first(headers['traceparent']));
    const result = await this.#dispatcher.dispatch(operation.name, input, {
      principal: identity.principal,
      source: 'aws',
      requestId,
      callId: requestId,
      body,
      ...(traceId === undefined ? {} : { traceId }),
    });
    return 'error' in result ? result.error : outputText(result.output);
  }
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value;
}
