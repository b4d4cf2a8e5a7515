import type { NatsConnection } from '@nats-io/transport-node';
import { openJournal } from '#libs/event-store-jetstream';
import type { EventStore } from '#libs/event-store';
import { accept, ShardWriter } from '#libs/kernel';
import type { Decider, DomainCommand, DomainEvent } from '#libs/kernel';
import { sha256 } from '#libs/platform';
import { alternate } from './figures.ts';
import type { Figure, Tell } from './figures.ts';
import { appendSerially, openRawStream } from './raw.ts';
import { BenchStack, filler } from './stack.ts';

const SECONDS_PER_ROUND = 2;
/** One commit: 16 decisions of 16 events of about 300 bytes, the size of a busy moment. */
const EVENTS_PER_DECISION = 16;
const DECISIONS_PER_COMMIT = 16;
const EVENTS_PER_COMMIT = EVENTS_PER_DECISION * DECISIONS_PER_COMMIT;
const FILLER = filler(230);

interface Count extends DomainCommand {
  readonly type: 'Count';
  readonly events: number;
}
interface Counted extends DomainEvent {
  readonly type: 'Counted' | 'TermStarted';
  readonly n: number;
  readonly text: string;
}
interface CountState {
  n: number;
}

/** Nothing but events: what is measured is the way to the disk, codec and hash chain included. */
const counter: Decider<CountState, Count, Counted, never, never> = {
  version: 1,
  events: { Counted: { v: 1 }, TermStarted: { v: 1 } },
  initialState: () => ({ n: 0 }),
  decide: (state, { events }) =>
    accept(
      ...Array.from({ length: events }, (_, i) => ({ type: 'Counted', v: 1, n: state.n + i, text: FILLER }) as const),
    ),
  evolve: (state) => {
    state.n += 1;
  },
  effects: () => [],
  sagas: [],
  answer: () => null,
  tooLarge: (bytes) => {
    throw new Error(`a decision of ${bytes} bytes is too large`);
  },
  termStarted: (term) => ({ type: 'TermStarted', v: 1, n: term, text: '' }),
  nextDeadline: () => null,
  elapse: () => ({ type: 'Count', events: 0 }),
};

/** Commits as fast as the writer can, one in flight, the next decided meanwhile; returns events per second. */
async function commitFor(store: EventStore, shard: string, events: number, decisions: number): Promise<number> {
  const endAt = performance.now() + SECONDS_PER_ROUND * 1_000;
  let recorded = 0;
  let id = 0;
  await new Promise<void>((resolve, reject) => {
    const decideNext = (): void => {
      for (let i = 0; i < decisions; i++) {
        const commandId = `${shard}-${(id += 1)}`;
        const envelope = {
          commandId,
          command: { type: 'Count', events },
          principal: 'bench',
          source: 'writer',
        } as const;
        writer.submit({ ...envelope, correlationId: commandId, causationId: null, at: Date.now() }, () => undefined);
      }
      writer.flush();
    };
    const writer = new ShardWriter(
      shard,
      counter,
      {
        append: (commit, expected) => {
          void store.append(commit, expected).then((outcome) => writer.appendDone(outcome));
          // In a turn of its own, as commands come: the append is on its way by then.
          if (writer.head.term > 0) setImmediate(decideNext);
        },
        readHead: () => reject(new Error('an append had no clear outcome')),
        committed: ({ commit }) => {
          for (const decision of commit.decisions) recorded += decision.events.length;
          if (commit.revision === 1) setImmediate(decideNext);
          if (performance.now() >= endAt) writer.stop('the round is over');
        },
        steppedDown: (reason) => (reason === 'the round is over' ? resolve() : reject(new Error(reason))),
      },
      sha256,
    );
    writer.start(Date.now(), 'bench');
  });
  return recorded / SECONDS_PER_ROUND;
}

/** The same bytes by a bare publisher; returns events per second. */
async function publishFor(nc: NatsConnection, name: string): Promise<number> {
  const event = JSON.stringify({ type: 'Counted', v: 1, n: 1_000_000, text: FILLER });
  const took = await appendSerially(nc, name, Buffer.from(event.repeat(EVENTS_PER_COMMIT)), SECONDS_PER_ROUND);
  return (took.length * EVENTS_PER_COMMIT) / SECONDS_PER_ROUND;
}

export async function benchLog(tell: Tell, rounds: number): Promise<readonly Figure[]> {
  const stack = await BenchStack.start();
  try {
    const store = await openJournal(await stack.connect('control-plane'));
    const nc = await stack.connect('raw');
    await openRawStream(nc);
    let round = 0;
    const grouped = await alternate(
      rounds,
      () => commitFor(store, `bench.grouped${(round += 1)}`, EVENTS_PER_DECISION, DECISIONS_PER_COMMIT),
      () => publishFor(nc, `raw${round}`),
      (n, ours, raw) => tell(`round ${n}: ${Math.round(ours)} events/s grouped, ${Math.round(raw)} bare`),
    );
    const single = await alternate(
      rounds,
      () => commitFor(store, `bench.one${(round += 1)}`, 1, 1),
      () => commitFor(store, `bench.again${round}`, EVENTS_PER_DECISION, DECISIONS_PER_COMMIT),
      (n, one, many) => tell(`round ${n}: ${Math.round(one)} events/s one per commit, ${Math.round(many)} grouped`),
    );
    return [
      {
        name: 'log: durable group commits of 256 events, codec included',
        value: grouped.a,
        unit: 'events/s',
        better: 'higher',
        goal: 0.8 * grouped.b,
        raw: grouped.b,
        ratio: grouped.a / grouped.b,
      },
      {
        name: 'log: group commits against one event per commit',
        value: single.b,
        unit: 'events/s',
        better: 'higher',
        goal: 50 * single.a,
        raw: single.a,
        ratio: single.b / single.a,
      },
    ];
  } finally {
    await stack.stop();
  }
}
