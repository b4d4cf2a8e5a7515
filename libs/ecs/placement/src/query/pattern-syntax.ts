/** Groups may be nested this deep. */
const PATTERN_DEPTH_MAX = 32;
/** `{n,m}` counts at most this far. */
const REPETITIONS_MAX = 255;

export type CharacterTest = (character: string) => boolean;

export type PatternNode =
  | { readonly kind: 'character'; readonly accepts: CharacterTest }
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

/** A pattern that we cannot or will not match; caught at the door of this folder. */
export class PatternProblem extends Error {}

/** @throws PatternProblem */
export function parsePattern(source: string): PatternNode {
  const ignoreCase = source.startsWith('(?i)');
  const reader = new PatternReader(ignoreCase ? source.slice('(?i)'.length) : source, ignoreCase);
  return reader.whole();
}

class PatternReader {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  whole(): PatternNode {
    const node = this.#either(0);
    if (this.#at < this.#source.length) throw new PatternProblem('a closing parenthesis has no opening one');
    return node;
  }

  #either(depth: number): PatternNode {
    if (depth > PATTERN_DEPTH_MAX) throw new PatternProblem('groups are nested too deep');
    const parts = [this.#sequence(depth)];
    while (this.#take('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'either', parts };
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#peek()))
      parts.push(this.#repeated(this.#atom(depth)));
    return { kind: 'sequence', parts };
  }

  #atom(depth: number): PatternNode {
    if (this.#take('(')) return this.#group(depth);
    if (this.#take('^')) return { kind: 'edge', edge: 'start' };
    if (this.#take('$')) return { kind: 'edge', edge: 'end' };
    const next = this.#peek();
    if ('*+?{'.includes(next)) throw new PatternProblem(`nothing to repeat before ${next}`);
    if (next === '[') return this.#characterClass();
    if (next === '\\') return this.#escape();
    this.#at += next.length;
    // The two characters that Java takes literally and a unicode RegExp refuses on their own are literals here as well.
    return { kind: 'character', accepts: next === '.' ? this.#tested('.') : this.#literal(next) };
  }

  #group(depth: number): PatternNode {
    if (this.#take('?')) {
      const opening = this.#match(/:|<[A-Za-z][A-Za-z0-9]*>/y);
      if (opening === null) throw new PatternProblem('look-around, atomic groups and inline flags are not supported');
    }
    const node = this.#either(depth + 1);
    if (!this.#take(')')) throw new PatternProblem('an opening parenthesis has no closing one');
    return node;
  }

  #characterClass(): PatternNode {
    const text = this.#match(/\[\^?(?:[^\]\\]|\\.)+\]/y);
    if (text === null) throw new PatternProblem('a character class is empty or not closed');
    if (text.slice(1).includes('[') || text.includes('&&')) {
      throw new PatternProblem('unions and intersections of character classes are not supported');
    }
    // A unicode RegExp refuses escapes that mean nothing, Java allows them before any character that is no letter.
    const portable = text.replace(/\\([^A-Za-z0-9])/gu, (whole, escaped: string) =>
      '^$\\.*+?()[]{}|/-'.includes(escaped) ? whole : escaped,
    );
    return { kind: 'character', accepts: this.#tested(portable) };
  }

  #escape(): PatternNode {
    const plain = this.#match(/\\[^A-Za-z0-9]/uy);
    if (plain !== null) return { kind: 'character', accepts: this.#literal(plain.slice(1)) };
    const named = this.#match(/\\(?:[dDwWsStnrf]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[pP]\{[A-Za-z_=]+\})/y);
    if (named === null) throw new PatternProblem(`${this.#source.slice(this.#at, this.#at + 2)} is not supported`);
    return { kind: 'character', accepts: this.#tested(named) };
  }

  #repeated(part: PatternNode): PatternNode {
    const mark = this.#match(/[*+?]|\{\d{1,4}(?:,\d{0,4})?\}/y);
    if (mark === null) return part;
    this.#take('?');
    if (this.#at < this.#source.length && '*+?{'.includes(this.#peek())) {
      throw new PatternProblem('possessive and doubled repetition are not supported');
    }
    const [min, max] = bounds(mark);
    if (min > REPETITIONS_MAX || (max !== Infinity && max > REPETITIONS_MAX)) {
      throw new PatternProblem(`a repetition counts at most to ${REPETITIONS_MAX}`);
    }
    if (max < min) throw new PatternProblem('a repetition has its bounds the wrong way round');
    return { kind: 'repeat', part, min, max };
  }

  #literal(character: string): CharacterTest {
    if (!this.#ignoreCase) return (other) => other === character;
    const lower = character.toLowerCase();
    return (other) => other.toLowerCase() === lower;
  }

  /** One character against one RegExp atom: nothing in it can backtrack. */
  #tested(atom: string): CharacterTest {
    try {
      const expression = new RegExp(`^${atom}$`, this.#ignoreCase ? 'iu' : 'u');
      return (character) => expression.test(character);
    } catch {
      throw new PatternProblem(`${atom} is not supported`);
    }
  }

  /** The next whole code point, '' at the end. */
  #peek(): string {
    const point = this.#source.codePointAt(this.#at);
    return point === undefined ? '' : String.fromCodePoint(point);
  }

  #take(character: string): boolean {
    if (!this.#source.startsWith(character, this.#at)) return false;
    this.#at += character.length;
    return true;
  }

  #match(sticky: RegExp): string | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#source);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[0];
  }
}

function bounds(mark: string): readonly [number, number] {
  if (mark === '*') return [0, Infinity];
  if (mark === '+') return [1, Infinity];
  if (mark === '?') return [0, 1];
  const [low = '', high] = mark.slice(1, -1).split(',');
  const min = Number(low);
  if (high === undefined) return [min, min];
  return [min, high === '' ? Infinity : Number(high)];
}
