import { parsePattern, PatternProblem } from './pattern-syntax.ts';
import type { CharacterTest, PatternNode } from './pattern-syntax.ts';

/**
 * The patterns of one expression have at most this many steps together; counted repetitions unfold into steps. Steps ×
 * characters is what a match costs, for every host of a cluster, on the thread of the shard's writer.
 */
export const PATTERN_STEPS_MAX = 1024;

export interface TextPattern {
  readonly source: string;
  readonly stepCount: number;
  /** Whether the whole text matches. */
  matches(text: string): boolean;
}

interface Fork {
  readonly kind: 'fork';
  first: number;
  second: number;
}

type Step =
  | Fork
  | { readonly kind: 'character'; readonly accepts: CharacterTest }
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' }
  | { readonly kind: 'done' };

/**
 * The common part of Java's regular expressions: literals, `.`, classes, escapes, groups, alternation, greedy and lazy
 * repetition, `^`, `$`, a leading `(?i)`. Matching walks all alternatives side by side, so its time grows with pattern
 * length × text length and no pattern can stall the shard's writer, which a backtracking RegExp could not promise.
 * Look-around, back references and possessive repetition are refused: they have no such bound.
 */
export function compilePattern(source: string): TextPattern | { readonly problem: string } {
  try {
    return new StepPattern(source, unfold(parsePattern(source)));
  } catch (error) {
    if (error instanceof PatternProblem) return { problem: error.message };
    throw error;
  }
}

function unfold(root: PatternNode): readonly Step[] {
  const steps: Step[] = [];
  let work = 0;

  const spend = (): void => {
    // Counted here and not by steps: an empty group repeated a thousand times in nested groups adds no step at all.
    work += 1;
    if (work > PATTERN_STEPS_MAX) throw new PatternProblem('the pattern is too large');
  };
  /** A choice between the next step and one that is set later. */
  const fork = (): Fork => {
    spend();
    const step: Fork = { kind: 'fork', first: steps.length + 1, second: steps.length + 1 };
    steps.push(step);
    return step;
  };
  const leadTo = (jump: Fork, target: number): void => {
    jump.first = target;
    jump.second = target;
  };

  const emitRepeat = (node: Extract<PatternNode, { kind: 'repeat' }>): void => {
    for (let i = 0; i < node.min; i++) emit(node.part);
    if (node.max === Infinity) {
      const start = steps.length;
      const choice = fork();
      emit(node.part);
      leadTo(fork(), start);
      choice.second = steps.length;
      return;
    }
    const choices: Fork[] = [];
    for (let i = node.min; i < node.max; i++) {
      choices.push(fork());
      emit(node.part);
    }
    for (const choice of choices) choice.second = steps.length;
  };

  const emitEither = (parts: readonly PatternNode[]): void => {
    const exits: Fork[] = [];
    parts.forEach((part, i) => {
      if (i === parts.length - 1) return emit(part);
      const choice = fork();
      emit(part);
      exits.push(fork());
      choice.second = steps.length;
    });
    for (const exit of exits) leadTo(exit, steps.length);
  };

  const emit = (node: PatternNode): void => {
    spend();
    switch (node.kind) {
      case 'sequence':
        return node.parts.forEach(emit);
      case 'either':
        return emitEither(node.parts);
      case 'repeat':
        return emitRepeat(node);
      default:
        steps.push(node);
    }
  };

  emit(root);
  steps.push({ kind: 'done' });
  return steps;
}

class StepPattern implements TextPattern {
  readonly source: string;
  readonly stepCount: number;
  readonly #steps: readonly Step[];
  /** The position (plus one) at which a step was last put on the list: a step is tried once a position. */
  readonly #seenAt: Int32Array;

  constructor(source: string, steps: readonly Step[]) {
    this.source = source;
    this.stepCount = steps.length;
    this.#steps = steps;
    this.#seenAt = new Int32Array(steps.length);
  }

  matches(text: string): boolean {
    const characters = Array.from(text);
    this.#seenAt.fill(0);
    let current: number[] = [];
    if (this.#reach(0, 0, characters.length, current)) return true;
    for (let position = 0; position < characters.length && current.length > 0; position++) {
      const character = characters[position] ?? '';
      const next: number[] = [];
      for (const index of current) {
        const step = this.#steps[index];
        if (step?.kind === 'character' && step.accepts(character)) {
          if (this.#reach(index + 1, position + 1, characters.length, next)) return true;
        }
      }
      current = next;
    }
    return false;
  }

  /** Adds every character step that can be next; true when the pattern ends exactly where the text does. */
  #reach(from: number, position: number, length: number, into: number[]): boolean {
    const open = [from];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#seenAt[index] === position + 1) continue;
      this.#seenAt[index] = position + 1;
      const step = this.#steps[index];
      if (step === undefined) continue;
      if (step.kind === 'done') {
        if (position === length) return true;
      } else if (step.kind === 'character') into.push(index);
      else if (step.kind === 'fork') open.push(step.second, step.first);
      else if (position === (step.edge === 'start' ? 0 : length)) open.push(index + 1);
    }
    return false;
  }
}
