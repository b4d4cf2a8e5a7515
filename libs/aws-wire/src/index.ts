export {
  BODY_BYTES_MAX,
  expiredToken,
  incompleteSignature,
  internalFailure,
  invalidSignature,
  malformedHttpRequest,
  missingAuthenticationToken,
  operationNotOffered,
  requestEntityTooLarge,
  serializationError,
  serverException,
  serviceNotOffered,
  serviceUnavailable,
  signatureExpired,
  signatureUsed,
  signatureNotYetCurrent,
  throttling,
  unknownOperation,
  unrecognizedClient,
  type SkewTimes,
} from './framework-errors.ts';
export { readJsonInput } from './json-input.ts';
export { findOutputFault } from './output-fault.ts';
export { protocols, type ProtocolName } from './protocols/protocol.ts';
export type { Refused, RequestContent, ServedProtocol, WireProtocol, WireResponse } from './protocols/wire-protocol.ts';
export { routeRequest, type RoutableRequest, type Route } from './services/route-request.ts';
export { inputSchemaId } from './shapes.ts';
export type { SignedRequestHeaders } from './sigv4/canonical-request.ts';
export {
  createSigV4Verifier,
  type AccessKeySecret,
  type SigV4Identity,
  type SigV4Request,
  type SigV4Verifier,
  type SigV4VerifierOptions,
} from './sigv4/verifier.ts';
export { InputValidator } from './validation.ts';
export { encodeError, modelledError, WireError, type WireErrorStatus } from './wire-error.ts';
export type { WireInput } from './wire-input.ts';
