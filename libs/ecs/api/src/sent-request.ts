import { canonicalJson, seedFromText } from '#libs/kernel';
import type { Caller } from '#libs/kernel';

/** Texts up to this length stand for themselves; longer ones are digested, so that events stay small. */
const REQUEST_TEXT_CHARACTERS_MAX = 96;

/**
 * What ECS compares when a client token comes again: the request as it was sent, not what it means. `count` left out and
 * `count: 1`, a family and its newest revision, an empty text and none are different requests. The order of members means
 * nothing, so that HTTP and NATS, and every process, get the same for the same request.
 *
 * The text is the canonical JSON itself when it is short, else its length and 128 bits of mixing. Not cryptographic: a forged
 * collision deceives only its own sender.
 *
 * @param ignored members that do not count, besides the token
 */
export function sentRequestHash(operation: string, { sent }: Caller, ignored: readonly string[] = []): string {
  const counted = Object.entries(sent).filter(([member]) => member !== 'clientToken' && !ignored.includes(member));
  const text = canonicalJson([operation, Object.fromEntries(counted)]);
  if (text.length <= REQUEST_TEXT_CHARACTERS_MAX) return text;
  const words = seedFromText(text).map((word) => word.toString(16).padStart(8, '0'));
  return `${text.length}-${words.join('')}`;
}

/** The member of a command that has a client token, and nothing for one that has none. */
export function requestHashMember(
  operation: string,
  { clientToken }: { readonly clientToken?: string },
  caller: Caller,
  ignored?: readonly string[],
): { readonly requestHash?: string } {
  return clientToken === undefined ? {} : { requestHash: sentRequestHash(operation, caller, ignored) };
}
