import type { DomainEvent } from '#libs/kernel';
import { unknownEvent } from './poison-event.ts';

/** The newest schema version of every event type; older ones are upcast on read, newer ones are not ours to guess. */
const EVENT_VERSION_MAX = 1;

/** One function an event type: complete when compiled, because a missing type is a type error. */
export type EventHandlers<Event extends DomainEvent, Args extends readonly unknown[], Result> = {
  readonly [Type in Event['type']]: (event: Extract<Event, { readonly type: Type }>, ...args: Args) => Result;
};

/**
 * Calls the handler of an event's type. What a newer version wrote has no handler here.
 * @throws PoisonEvent for an unknown type or schema version.
 */
export function dispatcher<Event extends DomainEvent, Args extends readonly unknown[], Result>(
  handlers: EventHandlers<Event, Args, Result>,
): (event: DomainEvent, ...args: Args) => Result {
  const table = new Map<string, (event: never, ...args: Args) => Result>(Object.entries(handlers));
  return (event, ...args) => {
    const handler = table.get(event.type);
    if (handler === undefined || event.v > EVENT_VERSION_MAX) throw unknownEvent(event);
    // The table was built by type, so that the event is the one that its handler takes.
    return handler(event as never, ...args);
  };
}
