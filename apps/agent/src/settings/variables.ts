import { SettingsProblem } from '#libs/platform';

const SWITCH: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false };

/* The variables of an agent's environment. An empty one counts as absent. */

export function textOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

/** The items of a list with commas; undefined: absent. */
export function listOf(env: NodeJS.ProcessEnv, name: string): readonly string[] | undefined {
  return textOf(env, name)
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** @throws SettingsProblem unless it is 1, true, 0 or false */
export function switchOf(env: NodeJS.ProcessEnv, name: string, byDefault: boolean): boolean {
  const text = textOf(env, name);
  const value = text === undefined ? byDefault : SWITCH[text];
  if (value === undefined) throw new SettingsProblem(`${name} must be 1 or 0`);
  return value;
}

/** @throws SettingsProblem unless it is a whole number within these bounds */
export function countOf(
  env: NodeJS.ProcessEnv,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  throw new SettingsProblem(`${name} must be ${min} to ${max}`);
}

/**
 * A JSON object of texts by name; undefined: absent.
 * @param rule what it must be, with an example
 * @param isRight whether a text may have that name
 * @throws SettingsProblem
 */
export function textsByName(
  env: NodeJS.ProcessEnv,
  name: string,
  rule: string,
  isRight: (text: string, key: string) => boolean = () => true,
): Readonly<Record<string, string>> | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  const problem = new SettingsProblem(`${name} must be a JSON object of ${rule}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw problem;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw problem;
  const entries = Object.entries(parsed).map(([key, value]): readonly [string, string] => {
    if (typeof value !== 'string' || !isRight(value, key)) throw problem;
    return [key, value];
  });
  return Object.fromEntries(entries);
}
