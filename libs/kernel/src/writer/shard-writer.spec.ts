import { beforeEach, describe, expect, test } from '@jest/globals';
import { COMMIT_EVENTS_MAX, CommitRefused } from '../commit.ts';
import { counter, sha256, Shell } from '../../spec/counter.ts';
import type { CounterEvent, Told } from '../../spec/counter.ts';
import { ShardFold } from '../shard-fold.ts';
import type { Committed } from './writer-port.ts';

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
});

describe('the writer of a shard', () => {
  test('opens a term before it takes commands', () => {
    shell.writer.start(1_000, 'w1');
    shell.add();
    expect(shell.appends).toHaveLength(1);
    expect(shell.appends[0]?.expected).toBeNull();
    shell.writer.appendDone({ kind: 'appended', streamRevision: 10 });
    expect(shell.writer.term).toBe(1);
    expect(shell.lastAppend).toMatchObject({ commit: { revision: 2, term: 1 }, expected: 10 });
  });

  test('answers, tells and commits only after the ack', () => {
    shell.lead();
    shell.add();
    expect(shell.answers).toEqual([]);
    expect(shell.committed).toHaveLength(1);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(shell.answers).toEqual([{ kind: 'accepted', revision: 2, answer: 1 }]);
    expect(shell.committed.at(-1)).toMatchObject({ streamRevision: 11, effects: [{ kind: 'told', total: 1 }] });
  });

  test('puts everything decided during one append into the next commit', () => {
    shell.lead();
    for (let i = 0; i < 50; i++) shell.add();
    expect(shell.appends).toHaveLength(2);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(JSON.parse(shell.lastAppend.commit.text)).toMatchObject({ revision: 3, decisions: { length: 49 } });
  });

  test('sends the next commit before it responds to the one before, so that the log is never idle meanwhile', () => {
    const sentAtResponse: number[] = [];
    const envelope = { commandId: 'c', command: { type: 'Add', times: 1 }, principal: 'p', source: 'nats' } as const;
    shell.lead();
    shell.writer.submit({ ...envelope, correlationId: 'c', causationId: null, at: 1_000 }, () =>
      sentAtResponse.push(shell.appends.length),
    );
    shell.writer.flush();
    shell.add();
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(sentAtResponse).toEqual([3]);
  });

  test('keeps commits within the limit and decisions whole', () => {
    shell.lead();
    for (let i = 0; i < 5; i++) shell.add(300);
    const sizes: number[] = [];
    for (let position = 11; shell.writer.head.revision < 6; position++) {
      const { decisions } = JSON.parse(shell.lastAppend.commit.text) as { decisions: { events: unknown[] }[] };
      sizes.push(decisions.reduce((sum, { events }) => sum + events.length, 0));
      shell.writer.appendDone({ kind: 'appended', streamRevision: position });
    }
    expect(sizes).toEqual([301, 301, 301, 301, 301]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(COMMIT_EVENTS_MAX);
    expect(shell.answers).toHaveLength(5);
  });

  test('records what sagas add in the same decision, with the name of the saga', () => {
    shell.lead();
    shell.add(10);
    const { decisions } = JSON.parse(shell.lastAppend.commit.text) as { decisions: { events: CounterEvent[] }[] };
    expect(decisions[0]?.events.at(-1)).toEqual({ type: 'BonusGiven', v: 1, by: 'bonus' });
  });

  test('gives a repeated command its first answer, before and after the ack and after a reopening', () => {
    shell.lead();
    shell.add(2, 'same');
    shell.add(2, 'same');
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    shell.add(2, 'same');
    expect(shell.answers).toEqual(Array.from({ length: 3 }, () => ({ kind: 'accepted', revision: 2, answer: 2 })));

    const reopened = new Shell();
    shell.committed.forEach(({ encoded, streamRevision }) => reopened.writer.load(encoded.text, streamRevision));
    reopened.lead();
    reopened.add(2, 'same');
    expect(reopened.answers).toEqual([{ kind: 'accepted', revision: 3, answer: 2 }]);
    expect(reopened.writer.term).toBe(2);
  });

  test('holds a "no" until what it rests on is durable', () => {
    shell.lead();
    shell.add(1_500);
    shell.add(1_500);
    expect(shell.answers).toEqual([]);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['accepted', 'rejected']);
    expect(shell.appends).toHaveLength(2);
  });

  test('never lets time run back', () => {
    shell.lead();
    shell.add(1, 'a', 5_000);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    shell.add(1, 'b', 4_000);
    expect(JSON.parse(shell.lastAppend.commit.text)).toMatchObject({ at: 5_000, decisions: [{ at: 5_000 }] });
  });
});

describe('an append whose outcome is not known', () => {
  beforeEach(() => {
    shell.lead();
    shell.add(1, 'a');
    shell.writer.appendDone({ kind: 'unknown', reason: 'timeout' });
    expect(shell.headReads).toBe(1);
    expect(shell.answers).toEqual([]);
  });

  test('is committed when the head is ours', () => {
    const { hash, revision } = shell.lastAppend.commit;
    shell.writer.headRead({ hash, revision, streamRevision: 11 });
    expect(shell.answers).toEqual([{ kind: 'accepted', revision: 2, answer: 1 }]);
    shell.add();
    expect(shell.lastAppend.expected).toBe(11);
  });

  test('is sent again, byte for byte, when the head has not moved', () => {
    const { text } = shell.lastAppend.commit;
    const { hash, revision } = shell.writer.head;
    shell.writer.headRead({ hash, revision, streamRevision: 10 });
    expect(shell.lastAppend).toMatchObject({ commit: { text }, expected: 10 });
    expect(shell.appends).toHaveLength(3);
  });

  test('ends the writer when a foreign commit took its place; nothing of it was stored', () => {
    shell.add(1, 'b');
    shell.writer.headRead({ hash: 'f'.repeat(64), revision: 2, streamRevision: 11 });
    expect(shell.steppedDown).toMatch(/another writer/);
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
  });

  test('stays indeterminate when foreign commits lie above', () => {
    shell.writer.headRead({ hash: 'f'.repeat(64), revision: 3, streamRevision: 12 });
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['indeterminate']);
  });

  test('stays indeterminate when the leader cannot be asked', () => {
    shell.writer.headUnreadable('no leader');
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['indeterminate']);
    expect(shell.writer.phase).toBe('stopped');
  });
});

describe('the end of a writer', () => {
  test('a conflict stops it and frees every caller to try again', () => {
    shell.lead();
    shell.add(1, 'a');
    shell.add(1, 'b');
    shell.writer.appendDone({ kind: 'conflict' });
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
    shell.add();
    expect(shell.answers.at(-1)?.kind).toBe('unavailable');
  });

  test('a command that breaks an invariant takes nobody with it', () => {
    shell.lead();
    shell.add(1, 'a');
    shell.command({ type: 'Break' }, 'bad');
    shell.add(1, 'b');
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['failed', 'accepted', 'unavailable']);
    expect(shell.steppedDown).toMatch(/Break bad: an invariant is broken/);
  });

  test('a command that the decider stumbles over harms nobody else', () => {
    shell.lead();
    shell.command({ type: 'Stumble' }, 'bad');
    shell.add(1, 'b');
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['failed', 'accepted']);
    expect(shell.steppedDown).toBeNull();
  });

  test('at rest, state and durable head belong together', () => {
    shell.lead();
    shell.add(3, 'a');
    const seen: [number, number][] = [];
    shell.writer.atRest((state, head) => seen.push([state.total, head.revision]));
    shell.add(4, 'b');
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(seen).toEqual([[3, 2]]);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 12 });
    expect(shell.answers).toHaveLength(2);
  });

  test('held at rest, commands wait until everybody has resumed; what is durable can be read', () => {
    shell.lead();
    const held: (() => void)[] = [];
    for (let i = 0; i < 2; i++) shell.writer.holdAtRest((rest) => rest !== null && held.push(rest.resume));
    shell.add(3, 'a');
    const read: (number | null)[] = [];
    shell.writer.inspect(
      ({ total }) => total,
      (total) => read.push(total),
    );
    expect(read).toEqual([0]);
    held[0]?.();
    held[0]?.();
    expect(shell.writer.queueLength).toBe(1);
    held[1]?.();
    expect(shell.writer.queueLength).toBe(0);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    expect(shell.answers).toMatchObject([{ kind: 'accepted' }]);
  });

  test('those who wait for rest hear of its end', () => {
    shell.lead();
    shell.add(3, 'a');
    const rests: unknown[] = [];
    shell.writer.holdAtRest((rest) => rests.push(rest));
    shell.writer.stop('the lease is gone');
    shell.writer.holdAtRest((rest) => rests.push(rest));
    expect(rests).toEqual([null, null]);
  });
});

describe('the chain', () => {
  const recorded = (): Committed<CounterEvent, Told>[] => {
    shell.lead();
    for (let i = 0; i < 3; i++) {
      shell.add(1, `c${i}`);
      shell.writer.appendDone({ kind: 'appended', streamRevision: 11 + i });
    }
    return shell.committed;
  };

  test('folds to the state of the writer', () => {
    const fold = new ShardFold('s', counter, sha256);
    recorded().forEach(({ encoded }) => fold.apply(encoded.text));
    expect(fold.state.total).toBe(3);
    expect(fold.head).toEqual(shell.writer.head);
  });

  test('refuses a flipped character, a missing link and an older term', () => {
    const texts = recorded().map(({ encoded }) => encoded.text);
    const foldOf = (...chosen: (string | undefined)[]) => {
      const fold = new ShardFold('s', counter, sha256);
      return () => chosen.forEach((text) => text !== undefined && fold.apply(text));
    };
    expect(foldOf(texts[0], texts[1]?.replace('"Added"', '"Addef"'))).toThrow(CommitRefused);
    expect(foldOf(texts[0], texts[2])).toThrow(/expected revision 2/);
    expect(foldOf(texts[1])).toThrow(CommitRefused);
    expect(foldOf(...texts)).not.toThrow();
  });
});
