import type { EncodedCommit } from '#libs/kernel';
import type { AppendOutcome } from './event-store.ts';

/**
 * What an adapter remembers of appends whose outcome nobody knows. When the same bytes are sent again, a negative outcome
 * says nothing about the first copy, which may be the very commit that is now in the way: servers since 2.12 answer 10071
 * to a repetition of what they have stored.
 */
export class AppendDoubt {
  /** Hash of each shard's last append whose outcome is unknown. */
  readonly #inDoubt = new Map<string, string>();

  /** The outcome as the writer may take it. */
  judge({ shard, hash }: EncodedCommit, outcome: AppendOutcome): AppendOutcome {
    if (outcome.kind === 'appended') {
      this.#inDoubt.delete(shard);
    } else if (outcome.kind === 'unknown') {
      this.#inDoubt.set(shard, hash);
    } else if (this.#inDoubt.get(shard) === hash) {
      const reason = outcome.kind === 'refused' ? outcome.reason : 'the expectation is old';
      return { kind: 'unknown', reason: `${reason}, and an earlier attempt is in doubt` };
    }
    return outcome;
  }
}
