import type { AppendOutcome } from '#libs/event-store';

/**
 * The rule of the JetStream adapter: when bytes whose fate is unknown are sent again, a "no" says nothing about the first
 * copy, which may be the very commit that is in the way.
 */
export class JournalDoubt {
  readonly #inDoubt = new Map<string, string>();

  judge(shard: string, hash: string, outcome: AppendOutcome): AppendOutcome {
    if (outcome.kind === 'appended') this.#inDoubt.delete(shard);
    else if (outcome.kind === 'unknown') this.#inDoubt.set(shard, hash);
    else if (this.#inDoubt.get(shard) === hash) return { kind: 'unknown', reason: 'an earlier attempt is in doubt' };
    return outcome;
  }
}
