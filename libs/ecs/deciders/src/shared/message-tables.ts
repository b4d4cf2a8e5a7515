import type { Rejection } from '#libs/ecs/messages';
import { assert, reject } from '#libs/kernel';
import type { Decision, DecisionContext, DomainCommand, DomainEvent } from '#libs/kernel';
import { clientError } from './rejections.ts';

/** Who decides a command, by type: complete when compiled. */
export type DecideTable<State, Command extends DomainCommand, Event extends DomainEvent> = {
  readonly [Type in Command['type']]: (
    state: State,
    command: Extract<Command, { readonly type: Type }>,
    context: DecisionContext,
  ) => Decision<Event, Rejection>;
};

/** Who applies an event, by type: complete when compiled. */
export type EvolveTable<State, Event extends DomainEvent> = {
  readonly [Type in Event['type']]: (state: State, event: Extract<Event, { readonly type: Type }>, at: number) => void;
};

/** `Decider.decide` by a table. */
export function decideBy<State, Command extends DomainCommand, Event extends DomainEvent>(
  table: DecideTable<State, Command, Event>,
): (state: State, command: Command, context: DecisionContext) => Decision<Event, Rejection> {
  type DecideAny = (state: State, command: Command, context: DecisionContext) => Decision<Event, Rejection>;
  const deciders = new Map(Object.entries(table) as [string, DecideAny][]);
  return (state, command, context) => {
    const decide = deciders.get(command.type);
    // A command may come from an older or newer gateway: an unknown type is bad input, not a broken shard.
    if (decide === undefined) return reject(clientError(`Unknown command: ${String(command.type)}.`));
    return decide(state, command, context);
  };
}

/** `Decider.evolve` by a table. */
export function evolveBy<State, Event extends DomainEvent>(
  table: EvolveTable<State, Event>,
): (state: State, event: Event, at: number) => void {
  type EvolveAny = (state: State, event: Event, at: number) => void;
  const evolvers = new Map(Object.entries(table) as [string, EvolveAny][]);
  return (state, event, at) => {
    const evolve = evolvers.get(event.type);
    // A fact that is skipped would be a state that is wrong: such a log belongs to a newer version.
    assert(evolve !== undefined, `the event type ${event.type} is unknown to this version`);
    evolve(state, event, at);
  };
}
