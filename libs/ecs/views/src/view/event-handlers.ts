import type { DomainEvent } from '#libs/kernel';

/** One function per event type: complete when compiled, because a missing type is a type error. */
export type EventHandlers<Event extends DomainEvent, Args extends readonly unknown[], Result> = {
  readonly [Type in Event['type']]: (event: Extract<Event, { readonly type: Type }>, ...args: Args) => Result;
};

/** Calls the handler of an event's type. Events come in their current version; unknown types were refused before. */
export function dispatcher<Event extends DomainEvent, Args extends readonly unknown[], Result>(
  handlers: EventHandlers<Event, Args, Result>,
): (event: Event, ...args: Args) => Result {
  return (event, ...args) => {
    const handler = handlers[event.type as Event['type']];
    // The table was built by type, so that the event is the one that its handler takes.
    return handler(event as never, ...args);
  };
}
