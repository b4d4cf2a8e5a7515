import {
  missingAuthenticationToken,
  protocols,
  routeRequest,
  serviceNotOffered,
  serviceUnavailable,
  unknownOperation,
} from '#libs/aws-wire';
import type { ProtocolName, Route, SigV4Request, WireError, WireResponse } from '#libs/aws-wire';
import type { ServiceModel } from '#libs/kernel';
import type { RequestHead } from './http-messages.ts';
import type { ServiceOverHttp } from './service-over-http.ts';

const CREDENTIAL = /Credential=([^/,\s]+)\//;
const JSON_PROTOCOL: ProtocolName = 'json-1.1';

/** One HTTP endpoint for all services: finds the one that a request is for, and speaks its protocol whatever happens. */
export class AwsEndpoint {
  readonly #services: readonly ServiceOverHttp[];
  readonly #models: readonly ServiceModel[];
  readonly #principalOf: (accessKeyId: string) => string | undefined;
  #stopping = false;

  constructor(services: readonly ServiceOverHttp[], principalOf: (accessKeyId: string) => string | undefined) {
    this.#services = services;
    this.#principalOf = principalOf;
    this.#models = services.map(({ service }) => service);
  }

  /** From now on the response to every request is to come back later. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Whom a request says it is from. Nothing proves it yet: good for choosing a line to wait in, and nothing else. A stranger who
   * names the key of another waits in that line, and leaves it with an error.
   */
  claimedPrincipalOf({ headers }: RequestHead): string | undefined {
    const { authorization } = headers;
    const text = typeof authorization === 'object' ? authorization[0] : authorization;
    return this.#principalOf(CREDENTIAL.exec(text ?? '')?.[1] ?? '');
  }

  /** The response to a request whose body need not be read, or undefined. `claimed`: whom it says it is from. */
  respondEarly(head: RequestHead, claimed: string | undefined, requestId: string): WireResponse | undefined {
    const route = routeRequest(head, this.#models);
    if (this.#stopping) return this.#errorOn(route, serviceUnavailable(), requestId);
    if (route.kind === 'not-served') return this.#notOffered(route, requestId);
    if (claimed === undefined || route.kind !== 'served') return undefined;
    const refused = this.#serviceOf(route.service).refuseEarly(route, head, claimed);
    return refused === undefined ? undefined : this.#errorOn(route, refused, requestId);
  }

  async respond(request: SigV4Request, requestId: string): Promise<WireResponse> {
    const route = routeRequest(request, this.#models);
    if (route.kind === 'not-served') return this.#notOffered(route, requestId);
    const isRoot = request.path === '/' && (request.method === 'POST' || isQueryByGet(request, route));
    if (!isRoot) return this.#errorOn(route, unknownOperation(404), requestId);
    if (route.kind === 'unknown') return this.#errorOn(route, missingAuthenticationToken(), requestId);
    return this.#serviceOf(route.service).serve(route, request, requestId);
  }

  /** An error found before or outside the services, in the protocol of the client. */
  respondWithError(head: RequestHead, error: WireError, requestId: string): WireResponse {
    return this.#errorOn(routeRequest(head, this.#models), error, requestId);
  }

  #serviceOf(model: ServiceModel): ServiceOverHttp {
    const found = this.#services.find(({ service }) => service === model);
    if (found === undefined) throw new Error(`${model.signingName} was routed to and is not served`);
    return found;
  }

  #notOffered(route: Route & { kind: 'not-served' }, requestId: string): WireResponse {
    const offered = this.#models.map(({ signingName }) => signingName);
    return this.#errorOn(route, serviceNotOffered(route.name, offered), requestId);
  }

  #errorOn(route: Route, error: WireError, requestId: string): WireResponse {
    const service = route.kind === 'served' ? { service: route.service } : {};
    return protocols[protocolOf(route)].encodeError(error, { requestId, ...service });
  }
}

function protocolOf(route: Route): ProtocolName {
  if (route.kind === 'served') return route.protocol.name;
  return route.kind === 'not-served' ? route.protocol : JSON_PROTOCOL;
}

function isQueryByGet({ method }: SigV4Request, route: Route): boolean {
  return method === 'GET' && route.kind === 'served' && route.protocol.name === 'query';
}
