import type { ServiceModel } from '#libs/kernel';
import { shapesOf } from '../scripts/shapes-of-sdk.mjs';

/*
 * A service that does not exist, with everything that the forms and the XML of AWS Query have a way to write: its schemas
 * are written as the SDK writes those of real services, and its document is generated from them in the same way.
 */

const NAMESPACE = 'com.amazonaws.things';

/** Simple schemas of the SDK, by their numbers; 64 more is a list of them, 128 more a map. */
const [STRING, NUMBER, BOOLEAN, TIMESTAMP, HTTP_DATE, EPOCH_SECONDS, BLOB] = [0, 1, 2, 4, 6, 7, 21];
const [LIST_OF, MAP_OF] = [64, 128];

const part = [3, NAMESPACE, 'Part', 0, ['Id', 'Weight', 'Parts'], [STRING, NUMBER, [() => parts, 0]], 1];
const parts = [1, NAMESPACE, 'Parts', 0, () => part];
const namedItems = [1, NAMESPACE, 'NamedItems', 0, [STRING, { xmlName: 'Item' }]];
const partsByName = [2, NAMESPACE, 'PartsByName', 0, STRING, () => part];
const namedEntries = [2, NAMESPACE, 'NamedEntries', 0, [STRING, { xmlName: 'Name' }], [NUMBER, { xmlName: 'Amount' }]];

const members: readonly (readonly [name: string, schema: unknown])[] = [
  ['Name', STRING],
  ['Count', NUMBER],
  ['IsReady', BOOLEAN],
  ['Data', BLOB],
  ['CreatedAt', TIMESTAMP],
  ['SeenOn', HTTP_DATE],
  ['EndsAt', EPOCH_SECONDS],
  ['Renamed', [STRING, { xmlName: 'Other' }]],
  ['Words', LIST_OF | STRING],
  ['FlatWords', [LIST_OF | STRING, { xmlFlattened: 1 }]],
  ['FlatNumbers', [LIST_OF | NUMBER, { xmlFlattened: 1, xmlName: 'Number' }]],
  ['NamedItems', () => namedItems],
  ['Labels', MAP_OF | STRING],
  ['FlatLabels', [MAP_OF | STRING, { xmlFlattened: 1 }]],
  ['NamedEntries', () => namedEntries],
  ['Part', () => part],
  ['Parts', () => parts],
  ['PartsByName', () => partsByName],
];
const thing = [3, NAMESPACE, 'Thing', 0, members.map(([name]) => name), members.map(([, schema]) => schema)];

const noSuchThing = [
  -3,
  NAMESPACE,
  'NoSuchThingException',
  { error: 'client', httpError: 404, awsQueryError: ['NoSuchThing', 404] },
  ['message', 'Reasons', 'Count'],
  [STRING, LIST_OF | STRING, NUMBER],
];

/** As an SDK has them: takes and returns a whole thing, returns one, and neither takes nor returns anything. */
export const thingOperations = {
  PutThing: [9, NAMESPACE, 'PutThing', 0, () => thing, () => thing],
  GetThing: [9, NAMESPACE, 'GetThing', 0, () => 'unit', () => thing],
  DeleteThing: [9, NAMESPACE, 'DeleteThing', 0, () => 'unit', () => 'unit'],
} as const;

export const THING_VERSION = '2020-01-01';
export const THING_NAMESPACE = NAMESPACE;
export const THING_XML_NAMESPACE = 'https://things.example/doc/2020-01-01/';

export const thingService = {
  serviceId: 'Things',
  signingName: 'things',
  isGlobal: false,
  protocols: [
    { name: 'query', version: THING_VERSION, xmlNamespace: THING_XML_NAMESPACE },
    { name: 'json-1.0', targetPrefix: 'Things_20200101' },
    { name: 'json-1.1', targetPrefix: 'Things_20200101' },
  ],
  shapes: shapesOf({
    id: 'urn:waybill:things:2020-01-01',
    operations: Object.values(thingOperations),
    errors: [noSuchThing],
    facts: { 'Part.Weight': { kind: 'Double' } },
  }),
  rules: {},
} as const satisfies ServiceModel;
