import {
  isForm,
  missingAuthenticationToken,
  protocols,
  routeByForm,
  routeByHeaders,
  serviceNotOffered,
  serviceUnavailable,
  unknownOperation,
} from '#libs/aws-wire';
import type {
  ProtocolName,
  Route,
  ServiceModel,
  SigV4Identity,
  SigV4Request,
  SigV4Verifier,
  WireError,
  WireResponse,
} from '#libs/aws-wire';

/** The principal's ARN is what a signature proves. */
export type Authenticate = () => SigV4Identity<string> | WireError;

/** One of Amazon's services over HTTP. */
export interface ServedService {
  readonly model: ServiceModel;
  readonly verifier: SigV4Verifier<string>;
  /** `authenticate` checks the request's signature; what needs a caller calls it first. */
  serve(request: SigV4Request, authenticate: Authenticate, requestId: string): Promise<WireResponse> | WireResponse;
}

const JSON_PROTOCOL: ProtocolName = 'json-1.1';

/** One HTTP endpoint for all services: finds the one that a request is for, and speaks its protocol whatever happens. */
export class AwsEndpoint {
  readonly #services: readonly ServedService[];
  readonly #models: readonly ServiceModel[];
  #stopping = false;

  constructor(services: readonly ServedService[]) {
    this.#services = services;
    this.#models = services.map(({ model }) => model);
  }

  /** From now on every request is told to come back later. */
  stop(): void {
    this.#stopping = true;
  }

  /** The response to a request whose body nobody needs to read, or undefined. */
  respondEarly(head: Omit<SigV4Request, 'body'>, requestId: string): WireResponse | undefined {
    const route = routeByHeaders(head, this.#models);
    if (this.#stopping) return this.#errorOn(route, serviceUnavailable(), requestId);
    return route.kind === 'not-served' ? this.#notOffered(route, requestId) : undefined;
  }

  async respond(request: SigV4Request, requestId: string): Promise<WireResponse> {
    const route = this.#routeOf(request);
    if (route.kind === 'not-served') return this.#notOffered(route, requestId);
    const service = route.kind === 'served' ? this.#services.find(({ model }) => model === route.model) : undefined;
    const isRoot = request.path === '/' && (request.method === 'POST' || isQueryByGet(request, route));
    if (!isRoot) return this.#errorOn(route, unknownOperation(404), requestId);
    if (service === undefined) return this.#errorOn(route, missingAuthenticationToken(), requestId);
    return service.serve(request, () => service.verifier.verify(request), requestId);
  }

  /** An error found before or outside the services, in the protocol of the client. */
  respondWithError(head: Omit<SigV4Request, 'body'>, error: WireError, requestId: string): WireResponse {
    return this.#errorOn(routeByHeaders(head, this.#models), error, requestId);
  }

  #routeOf(request: SigV4Request): Route {
    const route = routeByHeaders(request, this.#models);
    if (route.kind !== 'unknown') return route;
    const form = isForm(request) ? Buffer.from(request.body).toString('latin1') : request.query;
    return routeByForm(form, this.#models);
  }

  #notOffered(route: Route & { kind: 'not-served' }, requestId: string): WireResponse {
    const offered = this.#models.map(({ signingName }) => signingName);
    return this.#errorOn(route, serviceNotOffered(route.name, offered), requestId);
  }

  #errorOn(route: Route, error: WireError, requestId: string): WireResponse {
    return protocols[protocolOf(route)].encodeError(error, requestId);
  }
}

function protocolOf(route: Route): ProtocolName {
  if (route.kind === 'served') return route.model.protocol;
  return route.kind === 'not-served' ? route.protocol : JSON_PROTOCOL;
}

function isQueryByGet({ method }: SigV4Request, route: Route): boolean {
  return method === 'GET' && route.kind === 'served' && route.model.protocol === 'query';
}
