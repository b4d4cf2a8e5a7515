import { accept, ok, reject, shardKind, upcastCommit } from '#libs/kernel';
import type {
  BoundedContext,
  Commit,
  Decider,
  DomainCommand,
  DomainEvent,
  Effect,
  EventCatalogue,
  Policy,
  ViewHalted,
  ViewOutcome,
} from '#libs/kernel';

/*
 * A context of nothing but counters, one per shard `<name>.<counter>`: what the engine runs knows no more of Amazon than
 * this.
 */

interface Add extends DomainCommand {
  readonly type: 'Add';
  readonly amount: number;
}
interface Tick extends DomainCommand {
  readonly type: 'Tick';
}
interface Added extends DomainEvent {
  readonly type: 'Added';
  readonly amount: number;
}
interface TermStarted extends DomainEvent {
  readonly type: 'TermStarted';
  readonly term: number;
}
export interface Refusal {
  readonly code: 'NotANumber';
  readonly message: string;
}
export interface CounterState {
  total: number;
}

const counterEvents: EventCatalogue<Added | TermStarted> = { Added: { v: 1 }, TermStarted: { v: 1 } };

const counterDecider: Decider<CounterState, Add | Tick, Added | TermStarted, Refusal, Effect> = {
  version: 1,
  events: counterEvents,
  initialState: () => ({ total: 0 }),
  decide: (_state, command) => {
    if (command.type === 'Tick') return accept();
    if (!Number.isFinite(command.amount)) return reject({ code: 'NotANumber', message: 'amount is not a number.' });
    return command.amount === 0 ? accept() : accept({ type: 'Added', v: 1, amount: command.amount });
  },
  evolve: (state, event) => {
    if (event.type === 'Added') state.total += event.amount;
  },
  effects: () => [],
  sagas: [],
  answer: (_type, events) => events.length,
  tooLarge: (bytes) => ({ code: 'NotANumber', message: `${bytes} bytes` }),
  termStarted: (term) => ({ type: 'TermStarted', v: 1, term }),
  nextDeadline: () => null,
  elapse: () => ({ type: 'Tick' }),
};

/** Totals by shard. */
class CounterViews {
  readonly totals = new Map<string, number>();
  readonly #revisions = new Map<string, number>();
  readonly #prefix: string;
  readonly #halted = new Map<string, ViewHalted>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get halted(): readonly ViewHalted[] {
    return [...this.#halted.values()];
  }

  apply(commit: Commit<DomainEvent>): ViewOutcome {
    const { shard, revision } = commit;
    if (!shard.startsWith(this.#prefix)) return 'foreign';
    if (this.#halted.has(shard)) return 'skipped';
    try {
      for (const event of upcastCommit(commit, counterEvents).decisions.flatMap(({ events }) => events)) {
        if (event.type === 'Added') this.totals.set(shard, (this.totals.get(shard) ?? 0) + event.amount);
      }
    } catch (error) {
      this.#halted.set(shard, { shard, revision, error: String(error) });
      return 'halted';
    }
    this.#revisions.set(shard, revision);
    return 'applied';
  }

  revisionOf(shard: string): number {
    return this.#revisions.get(shard) ?? 0;
  }

  haltOf(shard: string): ViewHalted | null {
    return this.#halted.get(shard) ?? null;
  }

  contentOf(shard: string): object | null {
    return this.totals.has(shard) ? { total: this.totals.get(shard) } : null;
  }
}

/** Counters by the name of their context. */
export function counterContext(
  name: string,
  policies: readonly Policy[] = [],
  isIndispensable = false,
): BoundedContext<CounterViews> {
  const shardOf = (input: Readonly<Record<string, unknown>>): string => `${name}.${String(input['counter'])}`;
  return {
    name,
    services: [],
    shardKinds: [
      shardKind({
        name: 'counter',
        owns: (shard) => shard.startsWith(`${name}.`),
        isIndispensable,
        decider: counterDecider,
        snapshot: { version: 1, encode: (state) => ({ ...state }), decode: (data) => data as CounterState },
        opens: ({ type }) => type === 'Add',
      }),
    ],
    createViews: () => new CounterViews(`${name}.`),
    operations: new Map([
      [
        'Add',
        {
          isQuery: false,
          authorisation: (input) => ({ action: `${name}:Add`, resources: [shardOf(input)] }),
          plan: (input, views) => ({
            kind: 'command',
            submit: { shard: shardOf(input), command: { type: 'Add', amount: Number(input['amount']) } as Add },
            output: () => ok({ total: views.totals.get(shardOf(input)) ?? 0 }),
          }),
        },
      ],
      [
        'Read',
        {
          isQuery: true,
          authorisation: (input) => ({ action: `${name}:Read`, resources: [shardOf(input)] }),
          plan: (input, views) => ({ kind: 'answer', output: { total: views.totals.get(shardOf(input)) ?? 0 } }),
        },
      ],
    ]),
    error: ({ code, message }) => ({ type: `${code}Exception`, message, httpStatus: 400 }),
    policies,
    publicEvents: () => ({ of: () => [], gathered: () => [] }),
    audit: null,
    agents: () => null,
    setup: () => [],
  };
}

/** What is added to a counter of one context is added to the same counter of another one, too. */
export function copying(from: string, to: string): Policy {
  return {
    name: `${from}-to-${to}`,
    reads: ['Added'],
    sends: ['Add'],
    react: (event, shard) => {
      if (!shard.startsWith(`${from}.`)) return [];
      const command: Add = { type: 'Add', amount: (event as Added).amount };
      return [{ shard: `${to}.${shard.slice(from.length + 1)}`, command }];
    },
  };
}
