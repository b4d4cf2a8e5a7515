export { decodeRequest, type EcsInput } from './codec.ts';
export {
  BODY_BYTES_MAX,
  expiredToken,
  incompleteSignature,
  internalFailure,
  invalidSignature,
  malformedHttpRequest,
  missingAuthenticationToken,
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
export { ecsInputSchemas } from './generated/ecs-input-schemas.ts';
export type { InputSchema, InputSchemaDocument } from './input-schema.types.ts';
export { inputSchemaId } from './input-schemas.ts';
export { ecsOperations, operationOfTarget, type EcsOperation } from './operations.ts';
export { findOutputFault } from './output-fault.ts';
export { protocols, type ProtocolName } from './protocols/protocol.ts';
export { encodeQueryResult } from './protocols/query.protocol.ts';
export type { WireProtocol, WireResponse } from './protocols/wire-protocol.ts';
export { isForm, routeByForm, routeByHeaders, type RoutableRequest, type Route } from './services/route-request.ts';
export { ecsModel, stsModel, type ServiceModel } from './services/service-model.ts';
export type { SignedRequestHeaders } from './sigv4/canonical-request.ts';
export {
  createSigV4Verifier,
  type AccessKeySecret,
  type SigV4Identity,
  type SigV4Request,
  type SigV4Verifier,
  type SigV4VerifierOptions,
} from './sigv4/verifier.ts';
export { validateInput } from './validation.ts';
export { encodeError, modelledError, WireError, type WireErrorStatus } from './wire-error.ts';
