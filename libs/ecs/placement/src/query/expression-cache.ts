import { BoundedMap } from '#libs/kernel';
import { dependsOnTasks } from './expression.ts';
import type { Expression } from './expression.ts';
import { parseExpression } from './parse.ts';

/** Compiled expressions that an engine keeps. */
export const EXPRESSIONS_CACHED_MAX = 512;

export interface CachedExpression {
  readonly text: string;
  /** Null when the text is not an expression: it was refused where it came in, and here it is true of no host. */
  readonly expression: Expression | null;
  readonly dependsOnTasks: boolean;
}

/** Compiled expressions by their text; the one that was compiled longest ago makes room. */
export class ExpressionCache {
  readonly #entries = new BoundedMap<string, CachedExpression>(EXPRESSIONS_CACHED_MAX);

  get(text: string): CachedExpression {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const parsed = parseExpression(text);
    const expression = parsed.kind === 'problem' ? null : parsed;
    const entry = { text, expression, dependsOnTasks: expression !== null && dependsOnTasks(expression) };
    this.#entries.set(text, entry);
    return entry;
  }
}
