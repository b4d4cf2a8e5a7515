import { ComparisonReader } from './parse-comparison.ts';
import { EXPRESSION_CHARACTERS_MAX } from './expression.ts';
import type { Expression, SyntaxProblem } from './expression.ts';
import { Scanner, SyntaxFault } from './scanner.ts';
import { PATTERN_STEPS_MAX } from './text-pattern.ts';

/** Parentheses and negations may be nested this deep. */
const EXPRESSION_DEPTH_MAX = 64;

/**
 * Reads one statement of the cluster query language. `and` binds tighter than `or`; a value with spaces
 * or, unless it is a pattern, parentheses stands in single or double quotes.
 */
export function parseExpression(text: string): Expression | SyntaxProblem {
  if (text.length > EXPRESSION_CHARACTERS_MAX) {
    return {
      kind: 'problem',
      message: `longer than ${EXPRESSION_CHARACTERS_MAX} characters`,
      position: EXPRESSION_CHARACTERS_MAX,
    };
  }
  try {
    const scanner = new Scanner(text);
    const expression = readOr(scanner, 0);
    if (!scanner.atEnd()) throw scanner.fault('expected "and", "or" or the end');
    if (patternSteps(expression) > PATTERN_STEPS_MAX) throw scanner.fault('its patterns are too large together');
    return expression;
  } catch (error) {
    if (error instanceof SyntaxFault) return { kind: 'problem', message: error.message, position: error.position };
    throw error;
  }
}

function patternSteps(expression: Expression): number {
  if (expression.kind === 'not') return patternSteps(expression.part);
  if (expression.kind !== 'comparison') return expression.parts.reduce((sum, part) => sum + patternSteps(part), 0);
  const [operand] = expression.operands;
  return operand?.kind === 'pattern' ? operand.pattern.stepCount : 0;
}

function readOr(scanner: Scanner, depth: number): Expression {
  return readChain(scanner, 'or', '||', () => readAnd(scanner, depth));
}

function readAnd(scanner: Scanner, depth: number): Expression {
  return readChain(scanner, 'and', '&&', () => readTerm(scanner, depth));
}

function readChain(scanner: Scanner, kind: 'and' | 'or', symbol: string, readPart: () => Expression): Expression {
  const first = readPart();
  const parts = [first];
  while (scanner.takeWord(kind) || scanner.takeSymbol(symbol)) parts.push(readPart());
  return parts.length === 1 ? first : { kind, parts };
}

function readTerm(scanner: Scanner, depth: number): Expression {
  if (depth > EXPRESSION_DEPTH_MAX) throw scanner.fault('nested too deep');
  if (scanner.takeWord('not') || scanner.takeSymbol('!')) return { kind: 'not', part: readTerm(scanner, depth + 1) };
  if (!scanner.takeSymbol('(')) return new ComparisonReader(scanner).read();
  const inner = readOr(scanner, depth + 1);
  if (!scanner.takeSymbol(')')) throw scanner.fault('expected ")"');
  return inner;
}
