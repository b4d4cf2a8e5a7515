import type { Attribute, Rejection } from '#libs/ecs/messages';
import { invalidParameter } from '../shared/rejections.ts';

/** Custom attributes an instance. */
export const CUSTOM_ATTRIBUTES_MAX = 10;
/** All attributes an instance: a real agent reports about a hundred. */
export const ATTRIBUTES_MAX = 500;
export const ATTRIBUTE_CHARACTERS_MAX = 128;

const NAME = /^[A-Za-z0-9\-_/.\\]{1,128}$/;
const VALUE = /^[A-Za-z0-9\-_./\\@:](?:[A-Za-z0-9\-_./\\@: ]*[A-Za-z0-9\-_./\\@:])?$/;

/** Reported by the agent; users may neither put nor delete these. */
export function isAutomatic(name: string): boolean {
  return name.startsWith('ecs.') || name.startsWith('com.amazonaws.ecs.');
}

export function checkAttribute({ name, value }: Attribute): Rejection | null {
  if (!NAME.test(name)) {
    return invalidParameter(
      `Attribute names have 1 to ${ATTRIBUTE_CHARACTERS_MAX} letters, digits, hyphens, underscores, slashes, back slashes and periods.`,
    );
  }
  if (value !== undefined && (value.length > ATTRIBUTE_CHARACTERS_MAX || !VALUE.test(value))) {
    return invalidParameter(
      `The value of attribute ${name} must have 1 to ${ATTRIBUTE_CHARACTERS_MAX} letters, digits, hyphens, underscores, ` +
        'periods, at signs, slashes, colons and inner spaces.',
    );
  }
  return null;
}

export function tooManyAttributes(attributes: readonly Attribute[]): Rejection | null {
  if (attributes.length > ATTRIBUTES_MAX) return attributeLimit(`${ATTRIBUTES_MAX} attributes`);
  const custom = attributes.filter(({ name }) => !isAutomatic(name)).length;
  return custom > CUSTOM_ATTRIBUTES_MAX ? attributeLimit(`${CUSTOM_ATTRIBUTES_MAX} custom attributes`) : null;
}

function attributeLimit(what: string): Rejection {
  return { code: 'AttributeLimitExceeded', message: `A container instance can have at most ${what}.` };
}

/** `put` wins where a name is in both. */
export function withAttributes(existing: readonly Attribute[], put: readonly Attribute[]): readonly Attribute[] {
  const merged = new Map(existing.map((attribute) => [attribute.name, attribute]));
  for (const { name, value } of put) merged.set(name, value === undefined ? { name } : { name, value });
  return [...merged.values()];
}

export function withoutAttributes(existing: readonly Attribute[], names: readonly string[]): readonly Attribute[] {
  return existing.filter(({ name }) => !names.includes(name));
}

/**
 * The attributes of an instance whose agent came back: the automatic ones are those of the report, custom ones stay, and
 * a reported custom one wins. ECS refuses an agent that lost an automatic attribute; here a smaller Docker engine may
 * come back, because no task that is placed depends on it any more.
 */
export function attributesAfterReturn(
  existing: readonly Attribute[],
  reported: readonly Attribute[],
): readonly Attribute[] {
  const custom = existing.filter(({ name }) => !isAutomatic(name));
  return withAttributes(custom, reported);
}

/** Whether both say the same, in whatever order. */
export function sameAttributes(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  if (a.length !== b.length) return false;
  const values = new Map(a.map(({ name, value }) => [name, value ?? null]));
  return b.every(({ name, value }) => values.has(name) && values.get(name) === (value ?? null));
}
