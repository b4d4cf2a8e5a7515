import type { BatchOutcome, Release } from './batch.ts';
import type { CommandAnswer } from './writer-port.ts';

/** Replies to an accepted command once what it rests on is durable, or lost. */
export function acceptedOnce<Rejection>(
  reply: (answer: CommandAnswer<Rejection>) => void,
  answer: unknown,
): (outcome: BatchOutcome) => void {
  return (outcome) => {
    if (outcome.kind === 'durable') reply({ kind: 'accepted', revision: outcome.revision, answer });
    else reply({ kind: outcome.kind === 'lost' ? 'unavailable' : 'indeterminate', reason: outcome.reason });
  };
}

/** Replies to a rejected command: the rejection may rest on what is not durable yet. */
export function rejectedOnce<Rejection>(
  reply: (answer: CommandAnswer<Rejection>) => void,
  rejection: Rejection,
): Release {
  return (outcome) => {
    if (outcome.kind === 'durable') reply({ kind: 'rejected', revision: outcome.revision, rejection });
    else reply({ kind: 'unavailable', reason: outcome.reason });
  };
}
