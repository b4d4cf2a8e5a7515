import { parseExpression } from './parse.ts';

/** What is wrong with an expression, for the caller, or null. */
export function checkExpression(text: string): string | null {
  const parsed = parseExpression(text);
  return parsed.kind === 'problem' ? parsed.message : null;
}
