import { encodeError } from '#libs/aws-wire';
import type { WireError } from '#libs/aws-wire';
import type { MicroResponse } from './micro-transport.ts';

/** An error of AWS as the response of a micro service. */
export function errorResponse(error: WireError): MicroResponse {
  const { type, message, httpStatus } = error;
  // Some errors of ECS have an empty message.
  const description = message === '' ? type : `${type}: ${message}`;
  return { kind: 'error', code: httpStatus, description, body: encodeError(error) };
}

export function jsonResponse(body: object): MicroResponse {
  return { kind: 'answer', body: JSON.stringify(body) };
}
