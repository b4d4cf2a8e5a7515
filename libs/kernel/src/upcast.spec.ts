import { describe, expect, test } from '@jest/globals';
import { sha256 } from '../spec/counter.ts';
import { encodeCommit, GENESIS_HASH } from './commit.ts';
import { EventUnknown, upcastCommit } from './upcast.ts';
import type { EventCatalogue } from './event.ts';
import { decodeCommit } from './commit.ts';
import type { DomainEvent } from './event.ts';
import { ShardFold } from './shard-fold.ts';
import type { Foldable } from './shard-fold.ts';

/* Amounts were texts in version 1 and had no unit before version 3. */
interface Added extends DomainEvent {
  readonly type: 'Added';
  readonly v: 3;
  readonly amount: number;
  readonly unit: string;
}
type CounterEvent = Added | { readonly type: 'Cleared'; readonly v: 1 };

const catalogue: EventCatalogue<CounterEvent> = {
  Added: {
    v: 3,
    upcasters: [(event) => ({ ...event, amount: Number(event['amount']) }), (event) => ({ ...event, unit: 'piece' })],
  },
  Cleared: { v: 1 },
};

const CALLER = { principal: 'p', source: 'nats', correlationId: 'c', causationId: null } as const;

function textOf(...events: readonly object[]): string {
  const decision = { commandId: 'c', command: 'Add', ...CALLER, at: 5, events };
  const header = { shard: 's', term: 1, revision: 1, prevHash: GENESIS_HASH, at: 5, deciderVersion: 7 };
  return encodeCommit(header, [JSON.stringify(decision)], sha256).text;
}

const eventsOf = (...events: readonly object[]): readonly CounterEvent[] =>
  upcastCommit(decodeCommit(textOf(...events)), catalogue).decisions.flatMap((decision) => decision.events);

describe('a commit is read in the current version of its events', () => {
  test.each([
    ['two versions behind', { type: 'Added', v: 1, amount: '2' }],
    ['one version behind', { type: 'Added', v: 2, amount: 2 }],
    ['current', { type: 'Added', v: 3, amount: 2, unit: 'piece' }],
  ])('%s', (_what, event) => {
    expect(eventsOf({ type: 'Cleared', v: 1 }, event)).toEqual([
      { type: 'Cleared', v: 1 },
      { type: 'Added', v: 3, amount: 2, unit: 'piece' },
    ]);
  });

  test('one that is current already is given back as it is, with the version of its decider', () => {
    const commit = decodeCommit(textOf({ type: 'Added', v: 3, amount: 1, unit: 'box' }));
    expect(upcastCommit(commit, catalogue)).toBe(commit);
    expect(commit.deciderVersion).toBe(7);
  });

  test.each([
    ['a newer version', { type: 'Added', v: 4 }, 'version 4 of Added is unknown to this version, which knows up to 3'],
    ['a version before the first', { type: 'Added', v: 0 }, 'version 0 of Added'],
    ['no version', { type: 'Cleared' }, 'version undefined of Cleared'],
    ['an unknown type', { type: 'Doubled', v: 1 }, 'the event type Doubled is unknown to this version'],
    ['the name of an object member', { type: 'constructor', v: 1 }, 'the event type constructor is unknown'],
  ])('%s is refused', (_what, event, why) => {
    expect(() => eventsOf(event)).toThrow(EventUnknown);
    expect(() => eventsOf(event)).toThrow(why);
  });
});

describe("a writer's state", () => {
  const counter: Foldable<{ total: number; units: string[] }, CounterEvent> = {
    events: catalogue,
    initialState: () => ({ total: 0, units: [] }),
    evolve: (state, event) => {
      if (event.type === 'Cleared') return;
      state.total += event.amount;
      state.units.push(event.unit);
    },
  };

  test('is folded from upcast events', () => {
    const fold = new ShardFold('s', counter, sha256);
    fold.apply(textOf({ type: 'Added', v: 1, amount: '2' }, { type: 'Added', v: 3, amount: 3, unit: 'box' }));
    expect(fold.state).toEqual({ total: 5, units: ['piece', 'box'] });
  });

  test('stays as it was before a commit of a newer version', () => {
    const fold = new ShardFold('s', counter, sha256);
    expect(() => fold.apply(textOf({ type: 'Cleared', v: 1 }, { type: 'Added', v: 4, amount: 2 }))).toThrow(
      'commit 1 of shard s is refused: version 4 of Added is unknown to this version, which knows up to 3',
    );
    expect(fold.state).toEqual({ total: 0, units: [] });
    expect(fold.head.revision).toBe(0);
  });
});
