/** A text that is not an expression; caught by parseExpression. */
export class SyntaxFault extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at character ${position}`);
    this.position = position;
  }
}

/** Reads an expression's text from left to right; white space between the pieces means nothing. */
export class Scanner {
  readonly #text: string;
  #at = 0;
  /** Where the piece began that `take` found last. */
  #takenAt = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length;
  }

  takeSymbol(symbol: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(symbol, this.#at)) return false;
    this.#at += symbol.length;
    return true;
  }

  /** A word ends before white space, a parenthesis or the end: `not(…)` and `not …`, but not `nothing`. */
  takeWord(word: string): boolean {
    this.#skipSpace();
    const after = this.#text.charAt(this.#at + word.length);
    if (!this.#text.startsWith(word, this.#at) || !/^[\s()]?$/.test(after)) return false;
    this.#at += word.length;
    return true;
  }

  /** What a sticky pattern finds right here, after white space. */
  take(sticky: RegExp): RegExpExecArray | null {
    this.#skipSpace();
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found === null) return null;
    this.#takenAt = this.#at;
    this.#at += found[0].length;
    return found;
  }

  /** The piece of the measured length right here, after white space; null when there is none. */
  takeLength(measure: (text: string, from: number) => number): string | null {
    this.#skipSpace();
    const length = measure(this.#text, this.#at);
    if (length === 0) return null;
    this.#takenAt = this.#at;
    this.#at += length;
    return this.#text.slice(this.#takenAt, this.#at);
  }

  /** Something is wrong with the piece that was taken last. */
  faultOfTaken(message: string): SyntaxFault {
    return new SyntaxFault(message, this.#takenAt);
  }

  /** Something else is expected here. */
  fault(message: string): SyntaxFault {
    this.#skipSpace();
    return new SyntaxFault(message, this.#at);
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }
}
