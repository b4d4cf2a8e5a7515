import { encodeError } from '../wire-error.ts';
import type { WireProtocol } from './wire-protocol.ts';

export const json10Protocol = awsJson('application/x-amz-json-1.0');
export const json11Protocol = awsJson('application/x-amz-json-1.1');

/** `{"__type","message"}`, and the type once more in a header, where some clients look first. */
function awsJson(contentType: string): WireProtocol {
  return {
    encodeError: (error) => ({
      status: error.httpStatus,
      headers: { 'content-type': contentType, 'x-amzn-errortype': error.type },
      body: encodeError(error),
    }),
  };
}
