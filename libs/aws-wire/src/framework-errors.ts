import { WireError } from './wire-error.ts';

/**
 * The errors that the framework in front of a service gives before any operation runs. AWS JSON services answer the authentication errors with 400, not with the 403 of the generic "common errors" page; clients
 * go by the type. Texts are those the real services send, because people search for them and SDKs match some.
 */

/** The largest request body that is read. */
export const BODY_BYTES_MAX = 1_048_576;

/** An unknown `X-Amz-Target` is 400; a path or method on which no operation lives is 404. */
export function unknownOperation(httpStatus: 400 | 404 = 400): WireError {
  return new WireError(
    'UnknownOperationException',
    'The requested operation is not recognized by the service.',
    httpStatus,
  );
}

/** The body is not JSON, or a member has the wrong JSON type. */
export function serializationError(message: string): WireError {
  return new WireError('SerializationException', message, 400);
}

/** There is no `Authorization` header, or not one of AWS Signature Version 4. */
export function missingAuthenticationToken(): WireError {
  return new WireError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 400);
}

/** The `Authorization` header cannot be read, or lacks a part. */
export function incompleteSignature(message: string): WireError {
  return new WireError('IncompleteSignatureException', message, 400);
}

const SIGNATURE_MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** The signature is wrong, or its scope or time does not fit. SDKs correct their clock on this type and try again. */
export function invalidSignature(message: string = SIGNATURE_MISMATCH): WireError {
  return new WireError('InvalidSignatureException', message, 400);
}

/** The call was sent before with this signature, or may have been, and its response is not kept any more. */
export function signatureUsed(): WireError {
  return invalidSignature('The signature was used before, or may have been: sign the request again.');
}

/** More than the caller may have waiting. Clients slow down and try again. */
export function throttling(): WireError {
  return new WireError('ThrottlingException', 'Rate exceeded', 400);
}

/** The access key id (or the session token) is unknown. */
export function unrecognizedClient(): WireError {
  return new WireError('UnrecognizedClientException', 'The security token included in the request is invalid.', 400);
}

/** Temporary credentials have run out. */
export function expiredToken(): WireError {
  return new WireError('ExpiredTokenException', 'The security token included in the request is expired', 400);
}

/** `basicTime` is a time as `X-Amz-Date` writes it, `20150830T123600Z`. */
export interface SkewTimes {
  readonly signedAt: string;
  readonly serverTime: string;
  /** The earliest (or latest) signing time that would have been accepted. */
  readonly limit: string;
  readonly skewSecondsMax: number;
}

/** The request was signed too long ago. The type is the one that AWS JSON services give for it. */
export function signatureExpired(times: SkewTimes): WireError {
  const { signedAt, serverTime, limit } = times;
  return invalidSignature(
    `Signature expired: ${signedAt} is now earlier than ${limit} (${serverTime} - ${allowance(times.skewSecondsMax)})`,
  );
}

/** The request was signed in the future. */
export function signatureNotYetCurrent(times: SkewTimes): WireError {
  const { signedAt, serverTime, limit } = times;
  return invalidSignature(
    `Signature not yet current: ${signedAt} is still later than ${limit} (${serverTime} + ${allowance(times.skewSecondsMax)})`,
  );
}

function allowance(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} s.`;
}

/** The body is larger than {@link BODY_BYTES_MAX}. */
export function requestEntityTooLarge(bodyBytesMax: number = BODY_BYTES_MAX): WireError {
  return new WireError('RequestEntityTooLargeException', `The request body is larger than ${bodyBytesMax} bytes.`, 413);
}

/** A service of Amazon's that is not served here. Not worth a retry, so that clients say it at once. */
export function serviceNotOffered(name: string, offered: readonly string[]): WireError {
  return new WireError(
    'UnknownOperationException',
    `The service ${name.slice(0, SERVICE_NAME_CHARACTERS_MAX)} is not offered by this endpoint, which serves ` +
      `${offered.join(' and ')} only. AWS_ENDPOINT_URL sends every service here; AWS_ENDPOINT_URL_<SERVICE> sends a single one.`,
    400,
  );
}

const SERVICE_NAME_CHARACTERS_MAX = 64;

/** An operation that the model of a served service has and that is not served here. */
export function operationNotOffered(operation: string): WireError {
  const message = `${operation} is not offered by this version of Waybill.`;
  return new WireError('UnsupportedFeatureException', message, 400);
}

/** The bytes on the connection are not an HTTP request that can be read. */
export function malformedHttpRequest(httpStatus: 400 | 408 | 417 | 431, message: string): WireError {
  return new WireError('MalformedHttpRequestException', message, httpStatus);
}

/** The process ends; another one, or the same one after its start, takes the request. */
export function serviceUnavailable(): WireError {
  return new WireError('ServiceUnavailableException', 'Service Unavailable. Please try again later.', 503);
}

/** Something broke on our side that no modelled error covers. */
export function internalFailure(): WireError {
  return new WireError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    500,
  );
}

/** The modelled fault of the server; clients retry it. */
export function serverException(message = 'Service Unavailable. Please try again later.'): WireError {
  return new WireError('ServerException', message, 500);
}
