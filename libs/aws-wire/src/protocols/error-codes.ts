import type { ServiceModel } from '#libs/kernel';
import type { WireError } from '../wire-error.ts';

/** An error as the XML protocols name it. */
export interface XmlError {
  readonly code: string;
  readonly status: number;
  /** Whose fault it is, as AWS Query says it. */
  readonly type: 'Sender' | 'Receiver';
}

/**
 * The errors of the service framework have other names in the XML protocols than in AWS JSON, and authentication errors
 * are 403 there ("Common Errors" of the API references).
 */
const FRAMEWORK_CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  UnknownOperationException: ['InvalidAction', 400],
  UnsupportedFeatureException: ['UnsupportedOperation', 400],
  ThrottlingException: ['Throttling', 400],
  SerializationException: ['MalformedInput', 400],
  ValidationException: ['ValidationError', 400],
};

/** The name and the status of an error where XML tells it; the service's own model comes first. */
export function xmlErrorOf({ type, httpStatus }: WireError, service?: ServiceModel): XmlError {
  const modelled = service?.shapes.errors[type];
  const [code, status] =
    modelled === undefined
      ? (FRAMEWORK_CODES[type] ?? [type.replace(/Exception$/, ''), httpStatus])
      : [modelled.queryCode ?? type, modelled.httpStatus ?? httpStatus];
  return { code, status, type: status < 500 ? 'Sender' : 'Receiver' };
}
