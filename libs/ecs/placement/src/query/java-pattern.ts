/**
 * The parts of a pattern that matter here: escapes, quoted text, classes, counts, parentheses, and single characters. A
 * class may begin with a closing bracket; an escape takes its argument with it.
 */
const PIECE =
  /\\u[0-9A-Fa-f]{4}|\\Q[\s\S]*?(?:\\E|$)|\\[pPx]\{[^}]*\}|\\[\s\S]|\[\^?\]?(?:[^\]\\]|\\[\s\S])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/gu;

/** A pattern in RE2's syntax, with a bound for the steps that it unfolds into. */
export interface TranslatedPattern {
  readonly source: string;
  readonly stepsMax: number;
}

/**
 * ECS reads patterns as Java does. What RE2 writes otherwise is translated, and what it would read as something else is
 * refused; what it does not know at all (look-around, back references, possessive repetition) it refuses by itself.
 */
export function translateJavaPattern(pattern: string): TranslatedPattern | { readonly problem: string } {
  let source = '';
  /** Steps of each open group, the whole pattern first. */
  const groups = [0];
  /** What a count that follows repeats. */
  let last = 0;
  const end = (steps: number): void => {
    groups.push((groups.pop() ?? 0) + steps);
    last = steps;
  };
  for (const [piece, min, max] of pattern.matchAll(PIECE)) {
    source += piece.length === 1 || piece.startsWith(String.raw`\Q`) ? piece : withHexEscapes(piece);
    if (min !== undefined) {
      // Two for each copy that may be left out: the choice and the copy.
      end(last * 2 * Math.max(Number(min), Number(max ?? min), 1));
    } else if (piece === '{') {
      return { problem: 'a brace that begins no count must be escaped' };
    } else if (piece === '(') {
      groups.push(1);
    } else if (piece === ')') {
      end(groups.length > 1 ? (groups.pop() ?? 0) : 1);
    } else if (piece.length > 1 && piece.startsWith('[')) {
      if (piece.indexOf('[', 1) > 0 || piece.includes('&&')) {
        return { problem: 'unions and intersections of character classes are not supported' };
      }
      end(1);
    } else {
      end(piece.length);
    }
  }
  return { source, stepsMax: groups.reduce((sum, steps) => sum + steps, 0) };
}

/** An escape or a class with `\x{…}` where Java has `\u…`; a backslash that is escaped itself begins none. */
function withHexEscapes(piece: string): string {
  return piece.replaceAll(/\\\\|\\u([0-9A-Fa-f]{4})/g, (escape, digits: string | undefined) =>
    digits === undefined ? escape : String.raw`\x{${digits}}`,
  );
}
