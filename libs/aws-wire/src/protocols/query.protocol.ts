import { xmlErrorOf } from './error-codes.ts';
import type { WireProtocol, WireResponse } from './wire-protocol.ts';
import { xmlElement } from './xml-text.ts';

const CONTENT_TYPE = { 'content-type': 'text/xml' };

/** AWS Query: a form in, XML out. */
export const queryProtocol: WireProtocol = {
  encodeError: (error, requestId) => {
    const { code, status, type } = xmlErrorOf(error);
    const members = xmlElement('Type', type) + xmlElement('Code', code) + xmlElement('Message', error.message);
    const body = `<ErrorResponse><Error>${members}</Error>${xmlElement('RequestId', requestId)}</ErrorResponse>`;
    return { status, headers: CONTENT_TYPE, body };
  },
};

/** The older form of EC2, whose clients look for the error elsewhere. */
export const ec2QueryProtocol: WireProtocol = {
  encodeError: (error, requestId) => {
    const { code, status } = xmlErrorOf(error);
    const members = xmlElement('Code', code) + xmlElement('Message', error.message);
    const body = `<Response><Errors><Error>${members}</Error></Errors>${xmlElement('RequestID', requestId)}</Response>`;
    return { status, headers: CONTENT_TYPE, body };
  },
};

/** The response to an operation whose result is a flat structure of texts. */
export function encodeQueryResult(
  xmlNamespace: string,
  operation: string,
  result: Readonly<Record<string, string>>,
  requestId: string,
): WireResponse {
  const members = Object.entries(result).map(([name, text]) => xmlElement(name, text));
  const body =
    `<${operation}Response xmlns="${xmlNamespace}"><${operation}Result>${members.join('')}</${operation}Result>` +
    `<ResponseMetadata>${xmlElement('RequestId', requestId)}</ResponseMetadata></${operation}Response>`;
  return { status: 200, headers: CONTENT_TYPE, body };
}
