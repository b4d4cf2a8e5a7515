import type { WireError, WireErrorStatus } from '../wire-error.ts';

/** An error as the XML protocols name it. */
export interface XmlError {
  readonly code: string;
  readonly status: WireErrorStatus;
  /** Whose fault it is, as AWS Query says it. */
  readonly type: 'Sender' | 'Receiver';
}

/**
 * The errors of the service framework have other names in the XML protocols than in AWS JSON, and authentication errors
 * are 403 there ("Common Errors" of the IAM and STS API references).
 */
const FRAMEWORK_CODES: Readonly<Record<string, readonly [code: string, status: WireErrorStatus]>> = {
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  UnknownOperationException: ['InvalidAction', 400],
  UnsupportedFeatureException: ['UnsupportedOperation', 400],
  ThrottlingException: ['Throttling', 400],
};

export function xmlErrorOf(error: WireError): XmlError {
  const [code, status] = FRAMEWORK_CODES[error.type] ?? [error.type.replace(/Exception$/, ''), error.httpStatus];
  return { code, status, type: status < 500 ? 'Sender' : 'Receiver' };
}
