import { assert } from '../assert.ts';
import type {
  CommandEnvelope,
  Decider,
  DecisionContext,
  DomainCommand,
  DomainEvent,
  Effect,
  IdSource,
} from '../decider.ts';
import { idSource } from '../id-source.ts';

/** How many commands sagas may add to one decision before it counts as a loop. */
export const REACTIONS_MAX = 2_000;

/** A command, everything that followed from it, and what the world will be told. */
export type WholeDecision<Event, Rejection, Out> =
  | {
      readonly kind: 'accepted';
      readonly events: readonly Event[];
      readonly effects: readonly Out[];
      readonly answer: unknown;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** The decider threw before anything was changed: a defect, but the state is as it was. */
export class DeciderStumbled extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'DeciderStumbled';
  }
}

/**
 * Decides a command, applies its events and lets the sagas react until nothing reacts any more. What a saga asks and the
 * decider refuses is dropped: the saga looked at the same state, so a refusal means that there is nothing to do.
 *
 * The clock's command is shown to the sagas even when it made no event: what time alone makes due, they know.
 * @throws DeciderStumbled with the state unchanged; anything else leaves it half changed
 */
export function decideWhole<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
>(
  decider: Decider<State, Command, Event, Rejection, Out>,
  state: State,
  envelope: CommandEnvelope<Command>,
  at: number,
): WholeDecision<Event, Rejection, Out> {
  const context = decisionContext(envelope, at);
  let decision;
  try {
    decision = decider.decide(state, envelope.command, context);
  } catch (error) {
    throw new DeciderStumbled(error);
  }
  if (decision.kind === 'rejected') return decision;

  const events: Event[] = [];
  const effects: Out[] = [];
  const apply = (event: Event): void => {
    decider.evolve(state, event, at);
    for (const effect of decider.effects(state, event)) effects.push(effect);
    events.push(event);
  };
  decision.events.forEach(apply);

  let fresh: readonly Event[] = decision.events;
  let reactions = 0;
  let timePassed = envelope.source === 'clock';
  while (fresh.length > 0 || timePassed) {
    timePassed = false;
    const next: Event[] = [];
    for (const saga of decider.sagas) {
      for (const command of saga.react(state, fresh, context)) {
        reactions += 1;
        assert(
          reactions <= REACTIONS_MAX,
          `sagas react to ${envelope.command.type} without end (last: ${command.type})`,
        );
        const reaction = decider.decide(state, command, context);
        if (reaction.kind === 'rejected') continue;
        for (const event of reaction.events) {
          const attributed = { ...event, by: saga.name };
          apply(attributed);
          next.push(attributed);
        }
      }
    }
    fresh = next;
  }
  const answer = decision.answer ?? decider.answer(envelope.command.type, events);
  return { kind: 'accepted', events, effects, answer };
}

function decisionContext<Command extends DomainCommand>(
  envelope: CommandEnvelope<Command>,
  at: number,
): DecisionContext {
  let ids: IdSource | undefined;
  return {
    at,
    commandId: envelope.commandId,
    principal: envelope.principal,
    get ids() {
      // A sender may choose its command ids, and choose one again when the first use is forgotten.
      ids ??= idSource(`${envelope.principal} ${envelope.command.type} ${envelope.commandId} ${at}`);
      return ids;
    },
  };
}
