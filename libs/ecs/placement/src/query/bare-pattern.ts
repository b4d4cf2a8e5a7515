/** An escape, a character class, or one character. */
const PIECE = /\\\S|\[\^?(?:[^\]\\\s]|\\\S)+\]|[^\s'"]/y;

/**
 * How many characters an unquoted pattern has from a position on. It ends at white space, at a quote, and, outside of
 * parentheses of its own, at a closing one or a symbol that joins comparisons: `(attribute:a =~ (t2|t3).*) && …`.
 */
export function barePatternLength(text: string, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text)?.[0];
    if (piece === undefined) return at - from;
    const endsHere = piece === ')' || text.startsWith('&&', at) || text.startsWith('||', at);
    if (depth === 0 && endsHere) return at - from;
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
    at += piece.length;
  }
}
