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

/** A request as far as it is known before its body has arrived. */
export type RequestHead = Omit<SigV4Request, 'body'>;

/** The principal's ARN is what a signature proves. */
export type Authenticate = () => SigV4Identity<string> | WireError;

/** One of Amazon's services over HTTP. */
export interface ServedService {
  readonly model: ServiceModel;
  readonly verifier: SigV4Verifier<string>;
  /** Refuses a request before it is read and its signature is checked, which is most of the work under an overload. */
  refuseEarly?(head: RequestHead, claimedPrincipal: string): WireError | undefined;
  /** `authenticate` checks the request's signature; what needs a caller calls it first. */
  serve(request: SigV4Request, authenticate: Authenticate, requestId: string): Promise<WireResponse> | WireResponse;
}

const CREDENTIAL = /Credential=([^/,\s]+)\//;
const JSON_PROTOCOL: ProtocolName = 'json-1.1';

/** One HTTP endpoint for all services: finds the one that a request is for, and speaks its protocol whatever happens. */
export class AwsEndpoint {
  readonly #services: readonly ServedService[];
  readonly #models: readonly ServiceModel[];
  readonly #principalOf: (accessKeyId: string) => string | undefined;
  #stopping = false;

  constructor(services: readonly ServedService[], principalOf: (accessKeyId: string) => string | undefined) {
    this.#services = services;
    this.#principalOf = principalOf;
    this.#models = services.map(({ model }) => model);
  }

  /** From now on every request is told to come back later. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Whom a request says it is from. Nothing proves it yet: good for choosing a line to wait in, and nothing else. A stranger who
   * names somebody's key waits in that line, and leaves it with an error.
   */
  claimedPrincipalOf({ headers }: RequestHead): string | undefined {
    const { authorization } = headers;
    const text = typeof authorization === 'object' ? authorization[0] : authorization;
    return this.#principalOf(CREDENTIAL.exec(text ?? '')?.[1] ?? '');
  }

  /** The response to a request whose body nobody needs to read, or undefined. */
  respondEarly(head: RequestHead, requestId: string): WireResponse | undefined {
    const route = routeByHeaders(head, this.#models);
    if (this.#stopping) return this.#errorOn(route, serviceUnavailable(), requestId);
    if (route.kind === 'not-served') return this.#notOffered(route, requestId);
    const claimed = this.claimedPrincipalOf(head);
    const refused = claimed === undefined ? undefined : this.#serviceOf(route)?.refuseEarly?.(head, claimed);
    return refused === undefined ? undefined : this.#errorOn(route, refused, requestId);
  }

  async respond(request: SigV4Request, requestId: string): Promise<WireResponse> {
    const route = this.#routeOf(request);
    if (route.kind === 'not-served') return this.#notOffered(route, requestId);
    const service = this.#serviceOf(route);
    const isRoot = request.path === '/' && (request.method === 'POST' || isQueryByGet(request, route));
    if (!isRoot) return this.#errorOn(route, unknownOperation(404), requestId);
    if (service === undefined) return this.#errorOn(route, missingAuthenticationToken(), requestId);
    return service.serve(request, () => service.verifier.verify(request), requestId);
  }

  /** An error found before or outside the services, in the protocol of the client. */
  respondWithError(head: RequestHead, error: WireError, requestId: string): WireResponse {
    return this.#errorOn(routeByHeaders(head, this.#models), error, requestId);
  }

  #routeOf(request: SigV4Request): Route {
    const route = routeByHeaders(request, this.#models);
    if (route.kind !== 'unknown') return route;
    const form = isForm(request) ? Buffer.from(request.body).toString('latin1') : request.query;
    return routeByForm(form, this.#models);
  }

  #serviceOf(route: Route): ServedService | undefined {
    return route.kind === 'served' ? this.#services.find(({ model }) => model === route.model) : undefined;
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
