import { assert } from '../assert.ts';
import { COMMIT_BYTES_HARD_MAX } from '../commit.ts';
import type { RecordedDecision } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';

/** A UTF-16 code unit is at most this many bytes of UTF-8. */
const UTF8_BYTES_PER_CHARACTER_MAX = 3;

/** The text of one decision inside its commit. A decision is never split, so it must fit into one message. */
export function decisionText<Event extends DomainEvent>(decision: RecordedDecision<Event>): string {
  const text = JSON.stringify(decision);
  const fits =
    text.length * UTF8_BYTES_PER_CHARACTER_MAX < COMMIT_BYTES_HARD_MAX || utf8Length(text) < COMMIT_BYTES_HARD_MAX;
  assert(fits, `a decision of ${text.length} characters does not fit into one commit`);
  return text;
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7ff) bytes += code >= 0xd800 && code <= 0xdfff ? 1 : 2;
    else if (code > 0x7f) bytes += 1;
  }
  return bytes;
}
