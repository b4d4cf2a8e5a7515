import { RE2JS, RE2JSException, RE2Set } from 're2js';
import { translateJavaPattern } from './java-pattern.ts';

/**
 * The patterns of one expression have at most this many steps together; counted repetitions unfold into steps. Steps ×
 * characters is what a match costs, for every host of a cluster, on the thread of the shard's writer.
 */
export const PATTERN_STEPS_MAX = 1024;

/** What a pattern could unfold into is bounded before it is compiled: that costs time for each step. */
const STEPS_ESTIMATED_MAX = 16 * PATTERN_STEPS_MAX;

/** What a pattern may remember of earlier matches; without a bound a pattern could be made to fill the memory. */
const MATCH_CACHE_BYTES_MAX = 65_536;

export interface TextPattern {
  readonly source: string;
  readonly stepCount: number;
  /** Whether the whole text matches. */
  matches(text: string): boolean;
}

/**
 * The common part of Java's regular expressions, matched by RE2's algorithm: it walks all alternatives side by side, so its
 * time grows with pattern length × text length and no pattern can stall the shard's writer, which a backtracking RegExp
 * could not promise. Look-around, back references and possessive repetition are refused: they have no such bound.
 */
export function compilePattern(source: string): TextPattern | { readonly problem: string } {
  const translated = translateJavaPattern(source);
  if ('problem' in translated) return translated;
  if (translated.stepsMax > STEPS_ESTIMATED_MAX) return { problem: 'the pattern is too large' };
  try {
    const stepCount = RE2JS.compile(translated.source).programSize();
    if (stepCount > PATTERN_STEPS_MAX) return { problem: 'the pattern is too large' };
    // A set of one: unlike a single pattern, a set has a bound for its memory.
    const set = new RE2Set(RE2Set.ANCHOR_BOTH, 0, MATCH_CACHE_BYTES_MAX);
    set.add(translated.source);
    return { source, stepCount, matches: (text) => set.match(text).length > 0 };
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message.replace('error parsing regexp: ', '') };
    throw error;
  }
}
