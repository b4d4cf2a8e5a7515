import { canonicalJson, seedFromText } from '#libs/kernel';

/** Texts up to this length stand for themselves; longer ones are digested, so that events stay small. */
const REQUEST_TEXT_CHARACTERS_MAX = 96;

/**
 * A short text that is equal for equal requests and differs otherwise: the canonical JSON itself when it is short, else
 * its length and 128 bits of mixing. Not cryptographic: who forges a collision fools nobody but themselves.
 */
export function requestHash(request: unknown): string {
  const text = canonicalJson(request);
  if (text.length <= REQUEST_TEXT_CHARACTERS_MAX) return text;
  const words = seedFromText(text).map((word) => word.toString(16).padStart(8, '0'));
  return `${text.length}-${words.join('')}`;
}
