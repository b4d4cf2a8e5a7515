import { InMemoryEventStore, InMemoryWitnessStore } from '#libs/event-store';
import type { EventStore } from '#libs/event-store';
import type { BoundedContext, Caller } from '#libs/kernel';
import { sha256 } from '#libs/testing';
import { AgentsEndpoint, Engine, StoreJournal } from '../src/index.ts';
import type { Authorise, Clock, Lease, LeaseHandlers, Outlet, Peers, Response } from '../src/index.ts';

/** Time that moves when the spec says so; turns are the event loop's own. */
export class ManualClock implements Clock {
  wallMs = 1_800_000_000_000;
  #monotonicMs = 0;
  readonly #due: { readonly at: number; readonly act: () => void }[] = [];

  wall(): number {
    return this.wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, act: () => void): () => void {
    const due = { at: this.#monotonicMs + delayMs, act };
    this.#due.push(due);
    return () => {
      const index = this.#due.indexOf(due);
      if (index >= 0) this.#due.splice(index, 1);
    };
  }

  soon(act: () => void): void {
    setImmediate(act);
  }

  /** Lets time pass in steps of what is due. */
  async advance(ms: number): Promise<void> {
    const until = this.#monotonicMs + ms;
    for (;;) {
      await quiet();
      const next = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#move(Math.max(next.at, this.#monotonicMs));
      this.#due.splice(this.#due.indexOf(next), 1);
      next.act();
    }
    this.#move(until);
  }

  #move(monotonicMs: number): void {
    this.wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A lease that the test hands out and takes away. */
export class HandedLease implements Lease {
  isHeld = false;
  holding = 0;
  #handlers: LeaseHandlers | null = null;

  campaign(_holder: string, handlers: LeaseHandlers): void {
    this.#handlers = handlers;
  }

  resign(done: () => void): void {
    this.isHeld = false;
    done();
  }

  give(): void {
    this.isHeld = true;
    this.holding += 1;
    this.#handlers?.acquired();
  }

  take(): void {
    this.isHeld = false;
    this.#handlers?.lost('taken by the test');
  }
}

const LOCALE = { account: '000000000000', region: 'us-east-1' };

export interface EngineParts {
  readonly contexts: readonly BoundedContext[];
  readonly store?: EventStore;
  readonly clock?: ManualClock;
  readonly cursors?: Map<string, number>;
  readonly authorise?: Authorise;
  readonly peers?: Peers;
  readonly witnesses?: InMemoryWitnessStore;
}

let calls = 0;

/** The same caller with another call. */
function caller(): Caller {
  calls += 1;
  const principal = 'arn:aws:iam::000000000000:root';
  return { principal, source: 'nats', requestId: `request-${calls}`, callId: `call-${calls}`, sent: {} };
}

/** One process's engine over ports in memory. */
export class EngineWorld {
  readonly engine: Engine;
  readonly lease = new HandedLease();
  readonly clock: ManualClock;
  readonly notes: string[] = [];
  readonly damage: Error[] = [];
  /** What was durable, read or answered, in that order. */
  readonly witnessed: string[] = [];
  /** Of the first context that has agents. */
  agents: AgentsEndpoint | null = null;
  /** What was published to agents: `<group>/<host>` and the directive. */
  readonly directives: [to: string, directive: object][] = [];
  #ids = 0;

  constructor(name: string, parts: EngineParts) {
    this.clock = parts.clock ?? new ManualClock();
    const witnesses = parts.witnesses ?? new InMemoryWitnessStore();
    const cursors = parts.cursors ?? new Map<string, number>();
    this.engine = new Engine({
      contexts: parts.contexts,
      locale: LOCALE,
      holder: name,
      ports: {
        journal: new StoreJournal(parts.store ?? new InMemoryEventStore()),
        lease: this.lease,
        witnesses: {
          read: (shard, done, failed) => void witnesses.read(shard).then(done, failed),
          shards: (done, failed) => void witnesses.shards().then(done, failed),
          note: (shard, { revision, hash, term }) => {
            this.witnessed.push(`noted ${shard} ${revision}`);
            witnesses.note({ shard, revision, hash, term });
          },
          observe: (shard, { revision }) => void this.witnessed.push(`observed ${shard} ${revision}`),
          flush: (done) => {
            this.witnessed.push('flushed');
            this.clock.soon(done);
          },
        },
        cursors: {
          read: (cursor, done) => this.clock.soon(() => done(cursors.get(cursor) ?? 0)),
          write: (cursor, position, done) => {
            cursors.set(cursor, position);
            this.clock.soon(done);
          },
        },
        peers: parts.peers ?? {
          submit: (shard, _envelope, reply) => reply({ kind: 'unavailable', reason: `no peer writes ${shard}` }),
        },
        clock: this.clock,
        ids: { fresh: () => `${name}-${++this.#ids}` },
        notes: { note: (level, _facts, text) => void this.notes.push(`${level}: ${text}`) },
        sha256,
      },
      authorise: parts.authorise ?? (() => null),
      outlets: (engine) => this.#outlets(engine, parts.contexts),
      onCommit: () => {},
      onDamaged: (error) => void this.damage.push(error),
    });
  }

  /** The engine follows the journal and holds the lease. */
  async lead(): Promise<void> {
    await this.follow();
    this.lease.give();
    await quiet();
  }

  async follow(): Promise<void> {
    this.engine.start(() => {});
    await quiet();
  }

  /** Asks as a host's agent does; rejects nothing and may never resolve. */
  ask(group: string, host: string, kind: string, payload: unknown = null): Promise<object> {
    return new Promise((resolve) => this.agents?.request({ group, host }, kind, payload, resolve));
  }

  #outlets({ host }: Engine, contexts: readonly BoundedContext[]): readonly Outlet[] {
    for (const context of contexts) {
      const protocol = context.agents(LOCALE);
      if (protocol === null) continue;
      this.agents = new AgentsEndpoint({
        protocol,
        shards: host,
        wire: { publish: (to, directive) => void this.directives.push([`${to.group}/${to.host}`, directive]) },
        clock: this.clock,
        ids: { fresh: () => `agent-command-${++this.#ids}` },
        notes: { note: (level, _facts, text) => void this.notes.push(`${level}: ${text}`) },
      });
      return [this.agents];
    }
    return [];
  }

  request(context: string, operation: string, input: Record<string, unknown>, by = caller()): Promise<Response> {
    return new Promise((resolve) =>
      this.engine.gateway.serve(context, operation, input, by, (response) => {
        this.witnessed.push('answered');
        resolve(response);
      }),
    );
  }
}
