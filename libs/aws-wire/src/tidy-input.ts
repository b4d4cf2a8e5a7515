import type { InputSchema } from './input-schema.types.ts';
import { dereference } from './input-schemas.ts';

/** The members that hold an ARN and nothing else; an empty one means absent (clients.md, "Shapes"). */
const ARN_MEMBER = /Arn$/;

/**
 * Removes, in place, what means "absent" on the wire: members that are `null`, and optional ARN members that are empty
 * strings (`taskRoleArn: ""`). Every other empty string keeps its meaning, such as the value of an environment variable
 * or the `namespace: ""` that removes a cluster's default. Free documents (`hookDetails`) and the items of lists and
 * maps are left alone.
 */
export function dropAbsentMembers(schema: InputSchema, value: unknown): void {
  const { properties, items, required } = dereference(schema);
  if (Array.isArray(value)) {
    if (items !== undefined && !isScalar(items)) for (const item of value) dropAbsentMembers(items, item);
    return;
  }
  if (properties === undefined || !isRecord(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (memberSchema === undefined) continue;
    if (member === null || (member === '' && ARN_MEMBER.test(name) && required?.includes(name) !== true)) {
      delete value[name];
    } else {
      dropAbsentMembers(memberSchema, member);
    }
  }
}

function isScalar(schema: InputSchema): boolean {
  const { type } = dereference(schema);
  return type !== 'object' && type !== 'array';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
