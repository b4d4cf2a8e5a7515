import fc from 'fast-check';
import { ecsService } from '#libs/ecs/messages';
import type { Shape } from '#libs/kernel';

/* Inputs of the model's shape, at random: right types, mostly names of things that exist, and now and then nonsense. */

const REF_PREFIX = '#/$defs/';
const ITEMS_MAX = 3;
const OPTIONAL_MEMBERS_MAX = 4;

/** Stands for the nth thing of a kind that has been seen in answers; filled in when the request is sent. */
export const SEEN = /^<(task|containerInstance)#(\d+)>$/;

const LOCALE = 'arn:aws:ecs:us-east-1:000000000000';
const NONSENSE = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    '*',
    '>',
    'a.b',
    'a/b',
    '..',
    'null',
    '__proto__',
    'two\r\nlines: here',
    'constructor',
    'x'.repeat(300),
    `${LOCALE}:task/`,
  ),
);
const seen = (kind: string): fc.Arbitrary<string> => fc.nat(50).map((n) => `<${kind}#${n}>`);
const names = (...some: string[]): fc.Arbitrary<string> => fc.constantFrom(...some);

const clusters = names('default', 'blue', 'green', `${LOCALE}:cluster/default`, 'missing');
const services = names('web', 'api', `${LOCALE}:service/default/web`, 'missing');
const definitions = names('web', 'web:1', 'api', 'api:2', `${LOCALE}:task-definition/web:1`, 'missing:1');
const expression = names(
  'attribute:ecs.os-type == linux',
  'attribute:rack in [a, b]',
  'task:group == service:web',
  'not (',
  'agentVersion > 1',
);

/** What a member of this name usually holds. */
const USUAL: Readonly<Record<string, fc.Arbitrary<string>>> = {
  cluster: clusters,
  clusters,
  clusterName: names('default', 'blue', 'green'),
  service: services,
  services,
  serviceName: names('web', 'api', 'batch'),
  family: names('web', 'api', 'job'),
  familyPrefix: names('web', 'a', 'missing'),
  taskDefinition: definitions,
  taskDefinitions: definitions,
  task: seen('task'),
  tasks: seen('task'),
  containerInstance: seen('containerInstance'),
  containerInstances: seen('containerInstance'),
  targetId: seen('containerInstance'),
  resourceArn: names(
    `${LOCALE}:cluster/default`,
    `${LOCALE}:service/default/web`,
    `${LOCALE}:task-definition/web:1`,
    `${LOCALE}:task/default/${'0'.repeat(32)}`,
  ),
  name: names('app', 'rack', 'containerInsights', 'ecs.os-type'),
  image: names('app:1', 'registry.example/app@sha256:00'),
  key: names('team', 'aws:reserved', 'stage'),
  expression,
  filter: expression,
  field: names('instanceId', 'attribute:rack', 'cpu', 'memory'),
  cpu: names('256', '.5 vCPU', 'much'),
  memory: names('512', '1 GB', 'much'),
};

/** Inputs of one operation. */
export function inputsOf(operation: string): fc.Arbitrary<object> {
  const shape = ecsService.shapes.operations[operation]?.input;
  if (shape === undefined) throw new Error(`${operation} has no input schema`);
  return valuesOf({ $ref: REF_PREFIX + shape }, '', new Set()) as fc.Arbitrary<object>;
}

function valuesOf(schema: Shape, member: string, within: ReadonlySet<string>): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(REF_PREFIX.length);
    const target = ecsService.shapes.$defs[name];
    // A shape within itself ends here.
    if (target === undefined || within.has(name)) return fc.constant({});
    return valuesOf(target, member, new Set([...within, name]));
  }
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 10 }) },
        { weight: 1, arbitrary: integers(schema) },
      );
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, member, within), { maxLength: ITEMS_MAX });
    case 'object':
      return schema.properties === undefined ? mapsOf(schema, within) : structuresOf(schema, within);
    default:
      return stringsOf(schema, member);
  }
}

function integers({ minimum = -1_000, maximum = 100_000 }: Shape): fc.Arbitrary<number> {
  return fc.integer({
    min: Math.max(Math.ceil(minimum), -2_147_483_648),
    max: Math.min(Math.floor(maximum), 2_147_483_647),
  });
}

function stringsOf(schema: Shape, member: string): fc.Arbitrary<string> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const usual = USUAL[member];
  return usual === undefined ? NONSENSE : fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: NONSENSE });
}

function mapsOf(schema: Shape, within: ReadonlySet<string>): fc.Arbitrary<object> {
  const { additionalProperties } = schema;
  const values = typeof additionalProperties === 'object' ? valuesOf(additionalProperties, '', within) : NONSENSE;
  return fc.dictionary(NONSENSE, values, { maxKeys: 2 });
}

/** A structure with what it must have and a few of its other members: with all of them, every request would be refused. */
function structuresOf(schema: Shape, within: ReadonlySet<string>): fc.Arbitrary<object> {
  const { properties = {}, required = [] } = schema;
  const members = new Map(Object.entries(properties).map(([name, member]) => [name, valuesOf(member, name, within)]));
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  return fc
    .subarray(optional, { maxLength: Math.min(OPTIONAL_MEMBERS_MAX, optional.length) })
    .chain((some) =>
      fc.record(
        Object.fromEntries([...required, ...some].map((name) => [name, members.get(name) ?? fc.constant(null)])),
      ),
    );
}
