import { encodeError } from '../wire-error.ts';
import { xmlErrorOf } from './error-codes.ts';
import { queryProtocol } from './query/query.protocol.ts';
import type { WireProtocol } from './wire-protocol.ts';
import { xmlElement } from './query/xml-text.ts';

/** REST-JSON: the type of the error is in a header. */
export const restJsonProtocol: WireProtocol = {
  encodeError: (error) => ({
    status: error.httpStatus,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.type },
    body: encodeError(error),
  }),
};

/** REST-XML writes errors as AWS Query does. */
export const restXmlProtocol: WireProtocol = { encodeError: queryProtocol.encodeError };

/** S3 leaves the outer element out. */
export const s3Protocol: WireProtocol = {
  encodeError: (error, { requestId }) => {
    const { code, status } = xmlErrorOf(error);
    const members =
      xmlElement('Code', code) + xmlElement('Message', error.message) + xmlElement('RequestId', requestId);
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${members}</Error>`;
    return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId }, body };
  },
};
