import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '../../spec/counter.ts';
import { COMMIT_BYTES_HARD_MAX } from '../commit.ts';
import type { Commit, EncodedCommit } from '../commit.ts';
import { accept } from '../decider.ts';
import type { Decider, Effect } from '../decider.ts';
import { ShardFold } from '../shard-fold.ts';
import { DECISION_BYTES_MAX, FOLLOW_UPS_MAX, REACTIONS_PER_DECISION_MAX } from './decision-limits.ts';
import { ShardWriter } from './shard-writer.ts';
import type { CommandAnswer } from './writer-port.ts';

/* A book: a note asks for copies, so many of such a length, which a saga makes. */
interface Book {
  notes: number;
  copies: number;
}
type BookCommand =
  | { readonly type: 'Note'; readonly text: string; readonly copies: number; readonly copyLength: number }
  | { readonly type: 'Copy'; readonly text: string };
type BookEvent =
  | {
      readonly type: 'Noted';
      readonly v: 1;
      readonly text: string;
      readonly copies: number;
      readonly copyLength: number;
    }
  | { readonly type: 'Copied'; readonly v: 1; readonly text: string; readonly by?: string }
  | { readonly type: 'TermStarted'; readonly v: 1 };

const book: Decider<Book, BookCommand, BookEvent, string, Effect> = {
  version: 1,
  events: { Noted: { v: 1 }, Copied: { v: 1 }, TermStarted: { v: 1 } },
  initialState: () => ({ notes: 0, copies: 0 }),
  decide: (_state, command) =>
    accept(command.type === 'Copy' ? { ...command, type: 'Copied', v: 1 } : { ...command, type: 'Noted', v: 1 }),
  evolve: (state, { type }) => {
    if (type === 'Noted') state.notes += 1;
    if (type === 'Copied') state.copies += 1;
  },
  effects: () => [],
  sagas: [
    {
      name: 'copier',
      react: (_state, events) =>
        events.flatMap((event) =>
          event.type !== 'Noted'
            ? []
            : Array.from(
                { length: event.copies },
                () => ({ type: 'Copy', text: 'y'.repeat(event.copyLength) }) as const,
              ),
        ),
      nextDeadline: () => null,
    },
  ],
  answer: (_type, events) => events.length,
  tooLarge: (bytes, bytesMax) => `${bytes} > ${bytesMax}`,
  termStarted: () => ({ type: 'TermStarted', v: 1 }),
  nextDeadline: () => null,
  elapse: () => ({ type: 'Copy', text: '' }),
};

/** A writer whose log takes everything that a server would take. */
class World {
  readonly stored: EncodedCommit[] = [];
  readonly answers = new Map<string, CommandAnswer<string>>();
  steppedDown: string | null = null;
  #pending: EncodedCommit | null = null;
  readonly writer = new ShardWriter(
    's',
    book,
    {
      append: (commit) => void (this.#pending = commit),
      readHead: () => {},
      committed: () => {},
      steppedDown: (reason) => void (this.steppedDown = reason),
    },
    sha256,
  );

  constructor() {
    this.writer.start(1_000, 'w1');
    this.settle();
  }

  note(commandId: string, text: string, copies = 0, copyLength = 0): void {
    this.writer.submit(
      {
        commandId,
        command: { type: 'Note', text, copies, copyLength },
        principal: 'tester',
        source: 'nats',
        correlationId: commandId,
        causationId: null,
        at: 1_000,
      },
      (answer) => this.answers.set(commandId, answer),
    );
  }

  settle(): void {
    for (;;) {
      this.writer.flush();
      const commit = this.#pending;
      if (commit === null) return;
      this.#pending = null;
      this.stored.push(commit);
      const fits = Buffer.byteLength(commit.text) <= COMMIT_BYTES_HARD_MAX;
      this.writer.appendDone(
        fits ? { kind: 'appended', streamRevision: this.stored.length } : { kind: 'refused', reason: 'too large' },
      );
    }
  }

  get decisions(): Commit<BookEvent>['decisions'] {
    return this.stored.flatMap(({ text }) => (JSON.parse(text) as Commit<BookEvent>).decisions);
  }

  fold(): Book {
    const fold = new ShardFold('s', book, sha256);
    for (const { text } of this.stored) fold.apply(text);
    return fold.state;
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe('a command that is too large for the log', () => {
  test.each([
    { what: 'characters', text: 'x'.repeat(DECISION_BYTES_MAX) },
    { what: 'bytes of its characters', text: '€'.repeat(DECISION_BYTES_MAX / 3) },
    { what: 'bytes of its escapes', text: '\u0001'.repeat(DECISION_BYTES_MAX / 6) },
  ])('by the $what is refused to its caller alone', ({ text }) => {
    world.note('before', 'a');
    world.note('large', text);
    world.note('after', 'b');
    world.settle();
    expect(world.answers.get('large')).toMatchObject({ kind: 'rejected', rejection: expect.stringMatching(/^\d+ > /) });
    expect(world.answers.get('before')).toMatchObject({ kind: 'accepted' });
    expect(world.answers.get('after')).toMatchObject({ kind: 'accepted' });
    expect(world.steppedDown).toBeNull();
    expect(world.fold()).toEqual({ notes: 2, copies: 0 });
  });

  test('is accepted as long as it fits', () => {
    world.note('large', 'x'.repeat(DECISION_BYTES_MAX - 1_000));
    world.settle();
    expect(world.answers.get('large')).toMatchObject({ kind: 'accepted' });
  });
});

describe('what follows from a command and does not fit into one decision', () => {
  test('is recorded in decisions of its own, in order, with the same principal', () => {
    world.note('many', 'a', 300, 10_000);
    world.note('after', 'b');
    world.settle();
    expect(world.steppedDown).toBeNull();
    expect(world.fold()).toEqual({ notes: 2, copies: 300 });
    const parts = world.decisions.filter(({ command }) => command === 'Note').map(({ commandId }) => commandId);
    expect(parts).toEqual(['many', 'many+1', 'many+2', 'many+3', 'after']);
    expect(world.decisions.find(({ commandId }) => commandId === 'many+1')).toMatchObject({
      principal: 'tester',
      source: 'writer',
      causationId: 'many',
      correlationId: 'many',
    });
    expect([...world.answers.values()].map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
  });

  test('is dropped where one reaction alone would be too large, and the others are not', () => {
    world.note('large', 'a', 1, COMMIT_BYTES_HARD_MAX);
    world.note('small', 'b', 2, 1);
    world.settle();
    expect(world.steppedDown).toBeNull();
    expect(world.fold()).toEqual({ notes: 2, copies: 2 });
  });

  test('holds nobody up when it has no end: what is left is left to time', () => {
    world.note('endless', 'a', 1_000_000, 1);
    world.note('after', 'b');
    world.settle();
    expect(world.steppedDown).toBeNull();
    expect([...world.answers.values()].map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(world.fold()).toEqual({ notes: 2, copies: (1 + FOLLOW_UPS_MAX) * REACTIONS_PER_DECISION_MAX });
  });
});

test('whatever is asked, no commit is larger than the log takes and the writer goes on', () => {
  const character = fc.constantFrom('x', '€', '\u0001', '😀', '\ud800');
  const note = fc.record({
    character,
    length: fc.integer({ min: 0, max: 200_000 }),
    copies: fc.integer({ min: 0, max: 30 }),
    copyLength: fc.integer({ min: 0, max: 60_000 }),
  });
  fc.assert(
    fc.property(fc.array(note, { maxLength: 8 }), (notes) => {
      const any = new World();
      for (const [index, { character: text, length, copies, copyLength }] of notes.entries()) {
        any.note(`n${index}`, text.repeat(length), copies, copyLength);
      }
      any.settle();
      expect(any.steppedDown).toBeNull();
      expect(any.answers.size).toBe(notes.length);
      const accepted = notes.filter((_, index) => any.answers.get(`n${index}`)?.kind === 'accepted');
      const wanted = accepted.reduce((sum, { copies }) => sum + copies, 0);
      expect(any.fold()).toEqual({ notes: accepted.length, copies: wanted });
    }),
    { numRuns: 20 },
  );
});
