import { createHash } from 'node:crypto';
import type { EncodedCommit } from '../src/commit.ts';
import { accept, reject } from '../src/decider.ts';
import type { CommandEnvelope, CommandSource, Decider, Effect } from '../src/decider.ts';
import { ShardWriter } from '../src/writer/shard-writer.ts';
import type { CommandAnswer, Committed } from '../src/writer/writer-port.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/* A counter that refuses to pass its limit; a saga answers every tenth with a bonus. */
export interface CounterState {
  total: number;
  bonuses: number;
}
export type CounterCommand =
  | { readonly type: 'Add'; readonly times: number }
  | { readonly type: 'GiveBonus' }
  | { readonly type: 'Break' }
  | { readonly type: 'Stumble' };
export interface CounterEvent {
  readonly type: 'Added' | 'BonusGiven' | 'Broken' | 'TermStarted';
  readonly v: 1;
  readonly by?: string;
}
export interface Told extends Effect {
  readonly kind: 'told';
  readonly total: number;
}

export const counter: Decider<CounterState, CounterCommand, CounterEvent, string, Told> = {
  version: 3,
  events: { Added: { v: 1 }, BonusGiven: { v: 1 }, Broken: { v: 1 }, TermStarted: { v: 1 } },
  initialState: () => ({ total: 0, bonuses: 0 }),
  decide: (state, command) => {
    if (command.type === 'Stumble') throw new Error('a defect');
    if (command.type === 'Break') return accept({ type: 'Broken', v: 1 });
    if (command.type === 'GiveBonus') return accept({ type: 'BonusGiven', v: 1 });
    if (state.total + command.times > 2_000) return reject('the counter is full');
    return accept(...Array.from({ length: command.times }, () => ({ type: 'Added', v: 1 }) as const));
  },
  evolve: (state, event) => {
    if (event.type === 'Broken') throw new Error('an invariant is broken');
    if (event.type === 'Added') state.total += 1;
    if (event.type === 'BonusGiven') state.bonuses += 1;
  },
  effects: (state, event) => (event.type === 'Added' ? [{ kind: 'told', total: state.total }] : []),
  sagas: [
    {
      name: 'bonus',
      react: (state, events) =>
        events.some((event) => event.type === 'Added') && state.total % 10 === 0 ? [{ type: 'GiveBonus' }] : [],
      nextDeadline: () => null,
    },
  ],
  answer: (_command, events) => events.length,
  tooLarge: (bytes, bytesMax) => `${bytes} bytes are more than ${bytesMax}`,
  termStarted: () => ({ type: 'TermStarted', v: 1 }),
  nextDeadline: () => null,
  elapse: () => ({ type: 'Add', times: 0 }),
};

interface Append {
  readonly commit: EncodedCommit;
  readonly expected: number | null;
}

/** A counter's writer with a shell that only takes notes. */
export class Shell {
  readonly appends: Append[] = [];
  readonly committed: Committed<CounterEvent, Told>[] = [];
  readonly answers: CommandAnswer<string>[] = [];
  headReads = 0;
  steppedDown: string | null = null;
  readonly writer;

  constructor(decider = counter) {
    this.writer = new ShardWriter('s', decider, this.port(), sha256);
  }

  private port() {
    return {
      append: (commit: EncodedCommit, expected: number | null) => void this.appends.push({ commit, expected }),
      readHead: () => void (this.headReads += 1),
      committed: (committed: Committed<CounterEvent, Told>) => void this.committed.push(committed),
      steppedDown: (reason: string) => void (this.steppedDown = reason),
    };
  }

  add(times = 1, commandId = `c${Math.random()}`, at = 1_000): void {
    this.command({ type: 'Add', times }, commandId, at);
  }

  command(command: CounterCommand, commandId: string, at = 1_000, source: CommandSource = 'nats'): void {
    const envelope: CommandEnvelope<CounterCommand> = {
      commandId,
      command,
      principal: 'tester',
      source,
      correlationId: commandId,
      causationId: null,
      at,
    };
    this.writer.submit(envelope, (answer) => this.answers.push(answer));
    this.writer.flush();
  }

  get lastAppend(): Append {
    const append = this.appends.at(-1);
    if (append === undefined) throw new Error('nothing was appended');
    return append;
  }

  lead(): void {
    this.writer.start(1_000, 'w1');
    this.writer.appendDone({ kind: 'appended', streamRevision: 10 });
  }
}
