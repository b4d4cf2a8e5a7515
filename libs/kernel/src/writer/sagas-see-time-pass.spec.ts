import { describe, expect, test } from '@jest/globals';
import { accept, nextDeadlineOf } from '../decider.ts';
import type { CommandSource, Decider, Effect } from '../decider.ts';
import { decideWhole } from './whole-decision.ts';

/* Found by the simulation: services whose starts were delayed stayed without tasks for ever. */

interface Due {
  dueAt: number;
  done: number;
}
type Command = { readonly type: 'Elapse' } | { readonly type: 'Act' };
interface Acted {
  readonly type: 'Acted';
  readonly v: 1;
  readonly by?: string;
}

const decider: Decider<Due, Command, Acted, never, Effect> = {
  version: 1,
  events: { Acted: { v: 1 } },
  initialState: () => ({ dueAt: 10, done: 0 }),
  decide: (_state, command) => (command.type === 'Act' ? accept({ type: 'Acted', v: 1 }) : accept()),
  evolve: (state) => {
    state.done += 1;
    state.dueAt = Infinity;
  },
  effects: () => [],
  sagas: [
    {
      name: 'timer',
      react: (state, _events, { at }) => (at >= state.dueAt ? [{ type: 'Act' }] : []),
      nextDeadline: ({ dueAt }) => dueAt,
    },
  ],
  answer: () => null,
  tooLarge: () => {
    throw new Error('nothing here is large');
  },
  termStarted: () => ({ type: 'Acted', v: 1 }),
  nextDeadline: () => 20,
  elapse: () => ({ type: 'Elapse' }),
};

function elapse(state: Due, at: number, source: CommandSource) {
  return decideWhole(
    decider,
    state,
    { commandId: 'c', command: { type: 'Elapse' }, principal: 'p', source, correlationId: 'c', causationId: null, at },
    at,
  );
}

describe('the next deadline', () => {
  test("is the earliest of the decider's own and its sagas'", () => {
    const state = decider.initialState('s');
    expect(nextDeadlineOf(decider, state)).toBe(10);
    state.dueAt = Infinity;
    expect(nextDeadlineOf(decider, state)).toBe(20);
    expect(nextDeadlineOf({ ...decider, nextDeadline: () => null }, state)).toBeNull();
  });
});

describe('sagas', () => {
  test('are asked when the clock lets time pass, though nothing has happened', () => {
    const state = decider.initialState('s');
    expect(elapse(state, 9, 'clock')).toMatchObject({ events: [] });
    expect(elapse(state, 10, 'clock')).toMatchObject({ events: [{ type: 'Acted', by: 'timer' }] });
    expect(state.done).toBe(1);
  });

  test('are not asked by commands that change nothing: their answer is an earlier one', () => {
    const state = decider.initialState('s');
    expect(elapse(state, 10, 'aws')).toMatchObject({ events: [] });
  });
});
