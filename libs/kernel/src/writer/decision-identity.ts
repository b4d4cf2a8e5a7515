import type { RecordedDecision } from '../commit.ts';
import type { DomainEvent } from '../event.ts';

/** The first decision of a term: the fact that this writer opened the shard. */
export function termDecision<Event extends DomainEvent>(
  shard: string,
  term: number,
  holder: string,
  at: number,
  event: Event,
): RecordedDecision<Event> {
  const commandId = `term-${shard}-${term}-${holder}`;
  const principal = `system:writer:${holder}`;
  const command = 'StartTerm';
  return {
    commandId,
    command,
    principal,
    source: 'writer',
    correlationId: commandId,
    causationId: null,
    at,
    events: [event],
  };
}

/** Senders choose command ids: one of another principal, or of another kind of command, is another command. */
export function callKey({ principal, commandId }: { principal: string; commandId: string }, type: string): string {
  return `${principal} ${type} ${commandId}`;
}
