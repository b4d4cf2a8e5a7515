import { beforeEach, describe, expect, test } from '@jest/globals';
import { counter, Shell } from '../../spec/counter.ts';
import type { CounterCommand } from '../../spec/counter.ts';
import { accept } from '../decider.ts';
import type { CommandEnvelope } from '../decider.ts';
import { decideWhole } from './whole-decision.ts';

/* Senders choose command ids: what makes a command another one, and that another one draws other identifiers. */

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
  shell.lead();
});

function envelopeOf(principal: string, command: CounterCommand): CommandEnvelope<CounterCommand> {
  return {
    commandId: 'same',
    command,
    principal,
    source: 'nats',
    correlationId: 'same',
    causationId: null,
    at: 1_000,
  };
}

describe('a command with an id that was used', () => {
  test('by another principal is another command', () => {
    const kinds: string[] = [];
    for (const principal of ['a', 'b', 'a']) {
      shell.writer.submit(envelopeOf(principal, { type: 'Add', times: 1 }), ({ kind }) => kinds.push(kind));
    }
    shell.writer.flush();
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(kinds).toEqual(['accepted', 'accepted', 'accepted']);
    expect(shell.committed.at(-1)?.commit.decisions.map(({ principal }) => principal)).toEqual(['a', 'b']);
  });

  test('for another kind of command is another command, after a reopening, too', () => {
    shell.command({ type: 'Add', times: 3 }, 'same');
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    const reopened = new Shell();
    for (const { encoded, streamRevision } of shell.committed) reopened.writer.load(encoded.text, streamRevision);
    reopened.lead();
    reopened.command({ type: 'GiveBonus' }, 'same');
    reopened.writer.appendDone({ kind: 'appended', streamRevision: 12 });
    expect(reopened.answers).toEqual([{ kind: 'accepted', revision: 4, answer: 1 }]);
  });

  test('gets the answer of the first one, also where that does not follow from the events', () => {
    const telling = {
      ...counter,
      decide: () => ({ kind: 'accepted', events: [{ type: 'Added', v: 1 }], answer: { failures: ['b'] } }) as const,
    };
    const [first, again] = [new Shell(telling), new Shell(telling)];
    first.lead();
    first.command({ type: 'Add', times: 1 }, 'same');
    first.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    for (const { encoded, streamRevision } of first.committed) again.writer.load(encoded.text, streamRevision);
    again.lead();
    again.command({ type: 'Add', times: 1 }, 'same');
    expect(again.answers).toMatchObject([{ kind: 'accepted', answer: { failures: ['b'] } }]);
    expect(first.answers).toMatchObject([{ kind: 'accepted', answer: { failures: ['b'] } }]);
  });

  test('draws other identifiers', () => {
    const drawn = (principal: string, type: 'Add' | 'GiveBonus', at: number): string => {
      let id = '';
      const drawing = {
        ...counter,
        decide: (_: unknown, __: unknown, context: { ids: { hex32(): string } }) => {
          id = context.ids.hex32();
          return accept<never>();
        },
      };
      const command: CounterCommand = type === 'Add' ? { type, times: 1 } : { type };
      decideWhole(drawing, counter.initialState('s'), envelopeOf(principal, command), at);
      return id;
    };
    const ids = [drawn('a', 'Add', 1), drawn('b', 'Add', 1), drawn('a', 'GiveBonus', 1), drawn('a', 'Add', 2)];
    expect(new Set(ids).size).toBe(4);
    expect(drawn('a', 'Add', 1)).toBe(ids[0]);
  });
});
