import type { AwsQuery, ServiceModel, ServiceProtocol } from '#libs/kernel';
import type { ProtocolName } from '../protocols/protocol.ts';
import type { SignedRequestHeaders } from '../sigv4/canonical-request.ts';

/** What a request is routed by. The body is looked at only when nothing else says what it is for. */
export interface RoutableRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: SignedRequestHeaders;
  /** Absent while it has not arrived. */
  readonly body?: Uint8Array;
}

/** What a request is for. */
export type Route =
  | {
      readonly kind: 'served';
      readonly service: ServiceModel;
      readonly protocol: ServiceProtocol;
      /** Undefined if the request names none of the service's model, or its body, which would, has not arrived. */
      readonly operation: string | undefined;
    }
  /** Another of Amazon's services; `name` is as its requests say it, and `protocol` what its clients can read. */
  | { readonly kind: 'not-served'; readonly name: string; readonly protocol: ProtocolName }
  /** Nothing says which. */
  | { readonly kind: 'unknown' };

const SCOPE = /Credential=[^,\s]*\/([^/,\s]+)\/aws4_request/;
const PRESIGNED_SCOPE = /(?:^|&)X-Amz-Credential=[^&]*?(?:%2F|\/)([^&%/]+)(?:%2F|\/)aws4_request/i;
/** Smithy RPC v2 names the service in the path. */
const RPC_PATH = /^\/service\/([A-Za-z0-9_]+)\/operation\//;
const FORM = 'application/x-www-form-urlencoded';
/** Services whose requests look like REST-JSON and whose clients expect XML, by signing name. */
const XML_SERVICES: Readonly<Record<string, ProtocolName>> = {
  s3: 's3',
  s3express: 's3',
  's3-outposts': 's3',
  route53: 'rest-xml',
  cloudfront: 'rest-xml',
};

/**
 * One port serves every service, and clients send all of them to it. The service follows from the scope of the signature,
 * then `X-Amz-Target`, then the path, then `Version` of the form (unsigned calls say no more); the operation from
 * `X-Amz-Target`, else from `Action`.
 */
export function routeRequest(request: RoutableRequest, services: readonly ServiceModel[]): Route {
  const { headers, path, query } = request;
  const scope = SCOPE.exec(single(headers['authorization']))?.[1] ?? PRESIGNED_SCOPE.exec(query)?.[1];
  const target = single(headers['x-amz-target']);
  const [prefix = ''] = target.split('.');
  const name = scope ?? (prefix === '' ? RPC_PATH.exec(path)?.[1] : prefix);
  if (name === undefined) return routeByForm(request, services);
  const service = services.find((candidate) =>
    scope === undefined ? isTargetOf(candidate, prefix) : candidate.signingName === scope,
  );
  if (service === undefined) return { kind: 'not-served', name, protocol: protocolOf(request, scope) };
  const protocol = protocolAmong(service, request, prefix);
  const operation =
    protocol.name === 'query' ? actionOf(request, protocol) : operationOfTarget(target, protocol.targetPrefix);
  return { kind: 'served', service, protocol, operation: known(service, operation) };
}

function routeByForm(request: RoutableRequest, services: readonly ServiceModel[]): Route {
  const form = formOf(request);
  const version = form.get('Version');
  if (!form.has('Action') || version === null) return { kind: 'unknown' };
  for (const service of services) {
    const protocol = service.protocols.find((candidate) => candidate.name === 'query' && candidate.version === version);
    if (protocol === undefined) continue;
    return { kind: 'served', service, protocol, operation: known(service, form.get('Action')) };
  }
  return { kind: 'not-served', name: `with the API version ${version}`, protocol: 'query' };
}

/** Of a service's protocols the one that a request is in. */
function protocolAmong({ protocols }: ServiceModel, request: RoutableRequest, prefix: string): ServiceProtocol {
  const { headers } = request;
  const contentType = single(headers['content-type']);
  if (headers['x-amz-target'] !== undefined) {
    const version = contentType.includes('json-1.0') ? 'json-1.0' : 'json-1.1';
    const ofTarget = protocols.filter((candidate) => candidate.name !== 'query' && candidate.targetPrefix === prefix);
    return ofTarget.find(({ name }) => name === version) ?? ofTarget[0] ?? protocols[0];
  }
  const isForm = contentType.startsWith(FORM) || request.method === 'GET';
  return (isForm ? protocols.find(({ name }) => name === 'query') : undefined) ?? protocols[0];
}

function isTargetOf({ protocols }: ServiceModel, prefix: string): boolean {
  return protocols.some((candidate) => candidate.name !== 'query' && candidate.targetPrefix === prefix);
}

function operationOfTarget(target: string, targetPrefix: string): string | undefined {
  const [prefix, name, ...more] = target.split('.');
  return prefix === targetPrefix && more.length === 0 ? name : undefined;
}

function actionOf(request: RoutableRequest, { version }: AwsQuery): string | null {
  const form = formOf(request);
  return form.get('Version') === version ? form.get('Action') : null;
}

function known({ shapes }: ServiceModel, operation: string | null | undefined): string | undefined {
  const isKnown = operation !== undefined && operation !== null && Object.hasOwn(shapes.operations, operation);
  return isKnown ? operation : undefined;
}

function formOf({ headers, query, body = new Uint8Array() }: RoutableRequest): URLSearchParams {
  const isForm = single(headers['content-type']).startsWith(FORM);
  return new URLSearchParams(isForm ? Buffer.from(body).toString('latin1') : query);
}

/** What the clients of a service that is not served here can read, as far as their request tells. */
function protocolOf({ headers }: RoutableRequest, scope: string | undefined): ProtocolName {
  if (single(headers['smithy-protocol']) === 'rpc-v2-cbor') return 'rpc-v2-cbor';
  const contentType = single(headers['content-type']);
  if (headers['x-amz-target'] !== undefined) return contentType.includes('json-1.0') ? 'json-1.0' : 'json-1.1';
  if (contentType.startsWith(FORM)) return scope === 'ec2' ? 'ec2-query' : 'query';
  return XML_SERVICES[scope ?? ''] ?? 'rest-json';
}

function single(value: string | readonly string[] | undefined): string {
  return (typeof value === 'object' ? value[0] : value) ?? '';
}
