import type { AwsQuery, ServiceModel, ShapeDocument } from '#libs/kernel';
import { outputShape } from '../../shapes.ts';
import type { WireError } from '../../wire-error.ts';
import { xmlErrorOf } from '../error-codes.ts';
import type { ServedProtocol, WireProtocol } from '../wire-protocol.ts';
import { readFormInput } from './form-input.ts';
import { xmlMembers } from './xml-output.ts';
import { xmlElement } from './xml-text.ts';

const CONTENT_TYPE = { 'content-type': 'text/xml' };

/** AWS Query: a form in, XML out. */
export const queryProtocol: ServedProtocol = {
  encodeError: (error, { requestId, service }) => {
    const { code, status, type } = xmlErrorOf(error, service);
    const members =
      xmlElement('Type', type) +
      xmlElement('Code', code) +
      xmlElement('Message', error.message) +
      furtherMembers(error, service?.shapes);
    const body =
      `<ErrorResponse${namespaceOf(service)}><Error>${members}</Error>` +
      `${xmlElement('RequestId', requestId)}</ErrorResponse>`;
    return { status, headers: CONTENT_TYPE, body };
  },
  readInput: readFormInput,
  writeOutput: (service, operation, json, requestId) => {
    const { shapes } = service;
    const members = xmlMembers(shapes, outputShape(shapes, operation), JSON.parse(json) as object);
    const hasResult = shapes.operations[operation]?.output !== undefined;
    const result = hasResult ? `<${operation}Result>${members}</${operation}Result>` : '';
    const body =
      `<${operation}Response${namespaceOf(service)}>${result}` +
      `<ResponseMetadata>${xmlElement('RequestId', requestId)}</ResponseMetadata></${operation}Response>`;
    return { status: 200, headers: CONTENT_TYPE, body };
  },
};

function namespaceOf(service: ServiceModel | undefined): string {
  const query = service?.protocols.find((protocol): protocol is AwsQuery => protocol.name === 'query');
  return query === undefined ? '' : ` xmlns="${query.xmlNamespace}"`;
}

/** What a modelled error says beside its message. */
function furtherMembers({ type, extra }: WireError, shapes: ShapeDocument | undefined): string {
  return extra === undefined || shapes?.$defs[type] === undefined
    ? ''
    : xmlMembers(shapes, { $ref: `#/$defs/${type}` }, extra);
}

/** The older form of EC2, whose clients look for the error elsewhere. */
export const ec2QueryProtocol: WireProtocol = {
  encodeError: (error, { requestId }) => {
    const { code, status } = xmlErrorOf(error);
    const members = xmlElement('Code', code) + xmlElement('Message', error.message);
    const body = `<Response><Errors><Error>${members}</Error></Errors>${xmlElement('RequestID', requestId)}</Response>`;
    return { status, headers: CONTENT_TYPE, body };
  },
};
