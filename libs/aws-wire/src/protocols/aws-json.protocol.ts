import { readJsonInput } from '../json-input.ts';
import { encodeError } from '../wire-error.ts';
import { xmlErrorOf } from './error-codes.ts';
import type { ServedProtocol } from './wire-protocol.ts';

export const json10Protocol = awsJson('application/x-amz-json-1.0');
export const json11Protocol = awsJson('application/x-amz-json-1.1');

/** An error is `{"__type","message"}`, and the type once more in a header, where some clients look first. */
function awsJson(contentType: string): ServedProtocol {
  return {
    encodeError: (error, { service, wantsQueryCode }) => {
      const headers = { 'content-type': contentType, 'x-amzn-errortype': error.type };
      const body = encodeError(error);
      if (wantsQueryCode !== true) return { status: error.httpStatus, headers, body };
      const { code, type } = xmlErrorOf(error, service);
      return { status: error.httpStatus, headers: { ...headers, 'x-amzn-query-error': `${code};${type}` }, body };
    },
    readInput: (service, operation, { body }) => readJsonInput(service, operation, body),
    writeOutput: (_service, _operation, json) => ({
      status: 200,
      headers: { 'content-type': contentType },
      body: json,
    }),
  };
}
