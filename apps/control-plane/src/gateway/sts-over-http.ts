import { encodeQueryResult, modelledError, protocols, stsModel, unknownOperation, WireError } from '#libs/aws-wire';
import type { SigV4Request, SigV4Verifier, WireResponse } from '#libs/aws-wire';
import type { Authenticate, ServedService } from './aws-endpoint.ts';

const XML_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
/** Operations that the API reference of STS lists and that are not offered: no temporary credentials are issued. */
const NOT_OFFERED = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetDelegatedAccessToken',
  'GetFederationToken',
  'GetSessionToken',
  'GetWebIdentityToken',
];

/** STS over HTTP: AWS Query. Tools ask it who they are before they do anything else. */
export class StsOverHttp implements ServedService {
  readonly model = stsModel;
  readonly verifier: SigV4Verifier<string>;
  readonly #account: string;

  constructor(verifier: SigV4Verifier<string>, account: string) {
    this.verifier = verifier;
    this.#account = account;
  }

  serve(request: SigV4Request, authenticate: Authenticate, requestId: string): WireResponse {
    const result = this.#resultOf(request, authenticate);
    if (result instanceof WireError) return protocols[this.model.protocol].encodeError(result, requestId);
    return encodeQueryResult(XML_NAMESPACE, 'GetCallerIdentity', result, requestId);
  }

  #resultOf(request: SigV4Request, authenticate: Authenticate): Record<string, string> | WireError {
    const text = request.method === 'GET' ? request.query : Buffer.from(request.body).toString('utf8');
    const form = new URLSearchParams(text);
    const action = form.get('Action') ?? '';
    // Two of these are sent without a signature, so the refusal comes first.
    if (NOT_OFFERED.includes(action)) {
      return modelledError('UnsupportedFeatureException', `${action} is not offered by this version of Waybill.`);
    }
    const identity = authenticate();
    if (identity instanceof WireError) return identity;
    if (action !== 'GetCallerIdentity' || form.get('Version') !== this.model.apiVersion) return unknownOperation();
    // The only access key is the root user's, whose unique id is that of the account.
    return { Arn: identity.principal, UserId: this.#account, Account: this.#account };
  }
}
