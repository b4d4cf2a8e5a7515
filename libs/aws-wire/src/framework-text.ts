import type { InputConstraint, InputFault, Shape } from '#libs/kernel';

/**
 * What the framework of most of Amazon's services answers to a value that their model does not allow (recorded responses of
 * IAM, Secrets Manager, SSM and EventBridge). Of several faults the first one is named.
 *
 * @param listText the list that a simple value is an item of, as `InputFault` shows values
 */
export function frameworkText({ path, value, constraint }: InputFault, shape: Shape, listText?: string): string {
  const failed = (given: string, at: string, words: string): string =>
    `1 validation error detected: Value${given} at '${frameworkPath(at)}' failed to satisfy constraint: ${words}`;
  if (constraint.kind === 'required') return failed(' null', path, asked(constraint));
  const ofItem = ITEM.test(path) ? constraintsOf(shape) : [];
  if (ofItem.length === 0) return failed(quoted(value), path, asked(constraint));
  // A simple item is told by its list, with everything that is asked of it.
  const words = `Member must satisfy constraint: [${ofItem.map(asked).join(', ')}]`;
  return failed(quoted(listText), path.replace(ITEM, ''), words);
}

const ITEM = /\[\d+\]$/;

function quoted(value: string | undefined): string {
  return value === undefined ? '' : ` '${value}'`;
}

/** `Targets[0].InputPath` → `targets.1.member.inputPath`. */
function frameworkPath(path: string): string {
  return path
    .split('.')
    .map((step) => step.charAt(0).toLowerCase() + step.slice(1))
    .join('.')
    .replaceAll(/\[(\d+)\]/g, (_step, index: string) => `.${Number(index) + 1}.member`);
}

function asked(constraint: InputConstraint): string {
  switch (constraint.kind) {
    case 'required':
      return 'Member must not be null';
    case 'one-member':
      return 'Member must have exactly one member set';
    case 'enum':
      return `Member must satisfy enum value set: [${constraint.values.join(', ')}]`;
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${constraint.pattern.replace(/^\^\(\?:(.*)\)\$$/s, '$1')}`;
    default:
      return limitText(constraint.kind, constraint.limit);
  }
}

function limitText(kind: LimitKind, limit: number): string {
  const what = kind === 'minimum' || kind === 'maximum' ? 'value' : 'length';
  return `Member must have ${what} ${kind.startsWith('min') ? 'greater' : 'less'} than or equal to ${limit}`;
}

type LimitKind = Extract<InputConstraint, { readonly limit: number }>['kind'];

/** In the order in which the framework tells them. */
function constraintsOf({ maxLength, minLength, pattern, enum: values, maximum, minimum }: Shape): InputConstraint[] {
  const found: InputConstraint[] = [];
  if (maxLength !== undefined) found.push({ kind: 'maxLength', limit: maxLength });
  if (minLength !== undefined) found.push({ kind: 'minLength', limit: minLength });
  if (maximum !== undefined) found.push({ kind: 'maximum', limit: maximum });
  if (minimum !== undefined) found.push({ kind: 'minimum', limit: minimum });
  if (pattern !== undefined) found.push({ kind: 'pattern', pattern });
  if (values !== undefined) found.push({ kind: 'enum', values });
  return found;
}
