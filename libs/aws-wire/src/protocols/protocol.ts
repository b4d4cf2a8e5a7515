import { cborProtocol } from './cbor.protocol.ts';
import { ec2QueryProtocol, queryProtocol } from './query/query.protocol.ts';
import { json10Protocol, json11Protocol } from './aws-json.protocol.ts';
import { restJsonProtocol, restXmlProtocol, s3Protocol } from './rest.protocol.ts';
import type { WireProtocol } from './wire-protocol.ts';

/** Each of Amazon's protocols: those of the services that are served, and how errors are written in the others. */
export const protocols = {
  'json-1.0': json10Protocol,
  'json-1.1': json11Protocol,
  query: queryProtocol,
  'ec2-query': ec2QueryProtocol,
  'rest-json': restJsonProtocol,
  'rest-xml': restXmlProtocol,
  s3: s3Protocol,
  'rpc-v2-cbor': cborProtocol,
} as const satisfies Readonly<Record<string, WireProtocol>>;

export type ProtocolName = keyof typeof protocols;
