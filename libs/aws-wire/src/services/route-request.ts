import type { ProtocolName } from '../protocols/protocol.ts';
import type { SignedRequestHeaders } from '../sigv4/canonical-request.ts';
import type { ServiceModel } from './service-model.ts';

/** What a request is routed by. The body is looked at only when its headers say nothing. */
export interface RoutableRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: SignedRequestHeaders;
}

/** Which service a request is for. */
export type Route =
  | { readonly kind: 'served'; readonly model: ServiceModel }
  /** Another of Amazon's services; `name` is as its requests say it, and `protocol` what its clients can read. */
  | { readonly kind: 'not-served'; readonly name: string; readonly protocol: ProtocolName }
  /** Nothing says which; the body may. */
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

/** By the scope of the signature, then by `X-Amz-Target`: one port serves every service, and clients send all of them to it. */
export function routeByHeaders(request: RoutableRequest, models: readonly ServiceModel[]): Route {
  const { headers, path, query } = request;
  const scope = SCOPE.exec(single(headers['authorization']))?.[1] ?? PRESIGNED_SCOPE.exec(query)?.[1];
  const [prefix = ''] = single(headers['x-amz-target']).split('.');
  const name = scope ?? (prefix === '' ? RPC_PATH.exec(path)?.[1] : prefix);
  if (name === undefined) return { kind: 'unknown' };
  const model = models.find(
    ({ signingName, targetPrefix }) => name === (scope === undefined ? targetPrefix : signingName),
  );
  return model === undefined
    ? { kind: 'not-served', name, protocol: protocolOf(request, scope) }
    : { kind: 'served', model };
}

/** By `Action` and `Version` of a form: unsigned calls of STS say no more. `form` is its text. */
export function routeByForm(form: string, models: readonly ServiceModel[]): Route {
  const members = new URLSearchParams(form);
  const version = members.get('Version');
  if (!members.has('Action') || version === null) return { kind: 'unknown' };
  const model = models.find(({ apiVersion }) => apiVersion === version);
  return model === undefined
    ? { kind: 'not-served', name: `with the API version ${version}`, protocol: 'query' }
    : { kind: 'served', model };
}

/** Whether a request has a form as its body. */
export function isForm({ headers }: Pick<RoutableRequest, 'headers'>): boolean {
  return single(headers['content-type']).startsWith(FORM);
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
