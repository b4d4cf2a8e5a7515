import type { InputSchema } from './input-schema.types.ts';
import { dereference, shapeOf } from './input-schemas.ts';

/**
 * Members whose empty string is a value. Everywhere else real tools send one for "not given": Ansible's ecs_service an
 * empty clientToken and field, Terraform modules an empty taskRoleArn, consoles an empty launchType.
 */
const EMPTY_IS_A_VALUE: Readonly<Record<string, readonly string[]>> = {
  // An environment variable, and a kernel parameter, may be empty.
  KeyValuePair: ['name', 'value'],
  SystemControl: ['value'],
  Tag: ['key', 'value'],
  // ECS refuses an empty value of a setting, and an empty size of a task, instead of using its default.
  ClusterSetting: ['value'],
  RegisterTaskDefinitionRequest: ['cpu', 'memory'],
};

/**
 * Removes, in place, what means "absent" on the wire: members that are `null`, and optional members of type string that
 * are empty (`launchType: ""`). Required members stay, so that the `namespace: ""` that removes a cluster's default and
 * an empty name reach the operation. Free documents (`hookDetails`) and the items of lists and maps are left alone.
 */
export function dropAbsentMembers(schema: InputSchema, value: unknown): void {
  const { properties, items, required } = dereference(schema);
  if (Array.isArray(value)) {
    if (items !== undefined && !isScalar(items)) for (const item of value) dropAbsentMembers(items, item);
    return;
  }
  if (properties === undefined || !isRecord(value)) return;
  const kept = EMPTY_IS_A_VALUE[shapeOf(schema)];
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (memberSchema === undefined) continue;
    if (
      member === null ||
      (member === '' && isString(memberSchema) && !required?.includes(name) && !kept?.includes(name))
    ) {
      delete value[name];
    } else {
      dropAbsentMembers(memberSchema, member);
    }
  }
}

function isString(schema: InputSchema): boolean {
  return dereference(schema).type === 'string';
}

function isScalar(schema: InputSchema): boolean {
  const { type } = dereference(schema);
  return type !== 'object' && type !== 'array';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
