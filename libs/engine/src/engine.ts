import type {
  AnyShardKind,
  BoundedContext,
  ChainHead,
  Commit,
  Committed,
  DomainEvent,
  Effect,
  Locale,
  Sha256,
} from '#libs/kernel';
import { CommitFeed } from './commit-feed.ts';
import { Gateway } from './gateway.ts';
import type { Authorise, RunningContext } from './gateway.ts';
import { PolicyRunner } from './policy-runner.ts';
import type { Cancel, Clock, Cursors, Ids, Journal, Lease, Notes, Peers, Witnesses } from './ports.ts';
import { ShardHost } from './shard-host.ts';
import type { CommitListener } from './shard-host.ts';
import { WriterShell } from './writer-shell.ts';

/** How long the writers go on without the lease, in the hope of getting it back. */
const LEASE_DOUBT_MS = 5_000;
const SETUP_PAUSE_MS = 100;

export interface EnginePorts {
  readonly journal: Journal;
  readonly lease: Lease;
  readonly witnesses: Witnesses;
  readonly cursors: Cursors;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notes: Notes;
  readonly sha256: Sha256;
}

/** What goes out from a process that writes, beside its responses. It is closed while the process does not. */
export interface Outlet {
  /** This process writes: what an earlier writer may have left undone is taken up. */
  open(): void;
  close(): void;
  /** A shard's writer is open, with a new term. */
  shardOpened(shell: WriterShell): void;
  /** Durable; called after the views have the commit and before its responses go out. */
  committed(committed: Committed<DomainEvent, Effect>): void;
}

export interface EngineOptions {
  readonly contexts: readonly BoundedContext[];
  readonly locale: Locale;
  /** Names this process in the lease and in the log; new for each start. */
  readonly holder: string;
  readonly ports: EnginePorts;
  readonly authorise: Authorise;
  readonly outlets: (engine: Engine) => readonly Outlet[];
  /** Every commit that the views have, of this process or another. */
  readonly onCommit: (commit: Commit<DomainEvent>, streamRevision: number) => void;
  /** The journal is not whole: nothing may be served from it, and trying again does not help. */
  readonly onDamaged: (error: Error) => void;
  /** The class of the shards' shells. A simulation gives a subclass, which watches what goes in and out, or breaks it. */
  readonly Shell?: typeof WriterShell;
}

/** What this process can do just now. */
export interface Readiness {
  readonly ready: boolean;
  readonly viewsCaughtUp: boolean;
  /** Commits of other writers arrive. */
  readonly journalReadable: boolean;
  /** The lease is held, and every shard has a writer whose term is in the log. */
  readonly writing: boolean;
  readonly haltedViews: readonly string[];
  /** Shards whose log cannot be folded; the others go on. */
  readonly haltedShards: readonly string[];
}

/**
 * Runs bounded contexts: views that follow the journal, and, while this process holds the lease, the writers and what
 * goes out from them. No timers, sockets or randomness of its own: the ports have them, in a process and in a simulation.
 */
export class Engine implements CommitListener {
  readonly contexts: readonly RunningContext[];
  readonly host: ShardHost;
  readonly feed: CommitFeed;
  readonly gateway: Gateway;
  readonly #options: EngineOptions;
  readonly #outlets: readonly Outlet[];
  readonly #policies: PolicyRunner;
  #isServing = false;
  #isStopping = false;
  #cancelDoubt: Cancel = () => {};
  /** Tells one time of leading from the next. */
  #era = 0;

  constructor(options: EngineOptions) {
    const { contexts, locale, holder, ports, authorise } = options;
    const { journal, witnesses, lease, clock, ids, notes, sha256 } = ports;
    this.#options = options;
    const kinds = contexts.flatMap(({ shardKinds }) => shardKinds);
    this.contexts = contexts.map((context) => ({ context, views: context.createViews(locale) }));
    const kindOf = (shard: string): AnyShardKind | undefined => kinds.find((kind) => kind.owns(shard, locale));
    this.host = new ShardHost({
      kindOf,
      holder,
      ports: { journal, witnesses, lease, clock, ids, sha256 },
      listener: this,
      peers: ports.peers,
      notes,
      Shell: options.Shell ?? WriterShell,
    });
    this.feed = new CommitFeed({
      journal,
      clock,
      notes,
      sink: (commit, streamRevision) => this.#delivered(commit, streamRevision),
      damaged: options.onDamaged,
    });
    this.gateway = new Gateway({
      contexts: this.contexts,
      shards: this.host,
      feed: this.feed,
      clock,
      authorise,
      notes,
    });
    this.#policies = new PolicyRunner({
      policies: contexts.flatMap(({ policies }) => policies),
      kindOf,
      journal,
      cursors: ports.cursors,
      shards: this.host,
      clock,
      notes,
    });
    this.#outlets = options.outlets(this);
  }

  /** Reads the journal to its head, then runs for the lease. `started`: the views have caught up. */
  start(started: () => void): void {
    this.feed.start(() => {
      this.#options.ports.lease.campaign(this.#options.holder, {
        acquired: () => this.#leaseAcquired(),
        lost: (reason) => this.#leaseLost(reason),
      });
      started();
    });
  }

  /** Stops writing, then everything else; the lease is free at once for another process. */
  stop(stopped: () => void): void {
    this.#isStopping = true;
    this.#cancelDoubt();
    this.#standDown('the process ends');
    this.feed.close();
    const { witnesses, lease } = this.#options.ports;
    witnesses.flush(() => lease.resign(stopped));
  }

  readiness(): Readiness {
    const haltedViews = this.contexts.flatMap(({ views }) => views.halted.map(({ shard }) => shard));
    const { haltedShards } = this.host;
    const viewsCaughtUp = this.feed.isCaughtUp;
    const journalReadable = this.feed.isFollowing;
    // Asked of the lease each time: a process that was frozen must not call itself the writer when it thaws.
    const writing = this.#isServing && this.#options.ports.lease.isHeld && this.host.allWriting;
    const ready = viewsCaughtUp && journalReadable && writing && haltedViews.length + haltedShards.length === 0;
    return { ready, viewsCaughtUp, journalReadable, writing, haltedViews, haltedShards };
  }

  committed(committed: Committed<DomainEvent, Effect>, isLive: boolean): void {
    const { commit, streamRevision } = committed;
    if (isLive) this.#options.ports.witnesses.note(commit.shard, headOf(commit));
    this.feed.accept(commit, streamRevision);
    if (isLive) for (const outlet of this.#outlets) outlet.committed(committed);
  }

  opened(shell: WriterShell): void {
    for (const outlet of this.#outlets) outlet.shardOpened(shell);
  }

  halted(shard: string, error: Error): void {
    const facts = { shard, error: error.message };
    this.#options.ports.notes.note('fatal', facts, 'the log of a shard cannot be folded; its writer stays closed');
  }

  damaged(_shard: string, error: Error): void {
    this.#options.onDamaged(error);
  }

  #delivered(commit: Commit<DomainEvent>, streamRevision: number): void {
    this.#options.ports.witnesses.observe(commit.shard, headOf(commit));
    for (const { views } of this.contexts) {
      if (views.apply(commit) !== 'halted') continue;
      const facts = { ...views.haltOf(commit.shard) };
      this.#options.ports.notes.note('fatal', facts, 'a view has stopped at an event that it cannot fold');
    }
    this.#options.onCommit(commit, streamRevision);
  }

  #leaseAcquired(): void {
    this.#cancelDoubt();
    if (this.#isStopping) return;
    // Held, in doubt for a moment, held again: the writers have never stopped.
    if (this.#isServing && this.host.allOpen) return this.host.holdOn(true);
    this.#standDown('the shards are opened again');
    this.#era += 1;
    const era = this.#era;
    this.host.lead(() => this.#setUp(era));
  }

  /**
   * A lease that was not renewed in time says that this process or the broker was slow, not that another one writes. The
   * log keeps two writers apart in any case, so the writers are not thrown away at once.
   */
  #leaseLost(reason: string): void {
    if (!this.host.isLeading) return;
    this.host.holdOn(false);
    this.#options.ports.notes.note('warn', { reason }, 'the lease is in doubt');
    this.#cancelDoubt();
    this.#cancelDoubt = this.#options.ports.clock.after(LEASE_DOUBT_MS, () => this.#standDown(reason));
  }

  /** What each context must have before its first request; asked for again until it is there. */
  #setUp(era: number): void {
    if (era !== this.#era) return;
    const commands = this.contexts.flatMap(({ context, views }) => context.setup(views));
    let left = commands.length;
    if (left === 0) return this.#serve();
    const { ids, clock, notes } = this.#options.ports;
    for (const { shard, command } of commands) {
      const commandId = ids.fresh();
      const principal = 'system:setup';
      const request = {
        commandId,
        command,
        principal,
        source: 'writer',
        correlationId: commandId,
        causationId: null,
      } as const;
      this.host.submit(shard, request, (answer) => {
        if (answer.kind !== 'accepted') notes.note('warn', { shard, answer }, 'a context is not set up; trying again');
        left -= 1;
        if (left === 0) clock.after(SETUP_PAUSE_MS, () => this.#setUp(era));
      });
    }
  }

  #serve(): void {
    this.#isServing = true;
    for (const outlet of this.#outlets) outlet.open();
    this.#policies.start();
    this.#options.ports.notes.note('info', { shards: this.host.shells.length }, 'this process writes');
  }

  #standDown(reason: string): void {
    this.#era += 1;
    if (!this.host.isLeading) return;
    this.#isServing = false;
    this.#policies.stop();
    for (const outlet of this.#outlets) outlet.close();
    this.host.standDown(reason);
    this.#options.ports.witnesses.flush(() => {});
    this.#options.ports.notes.note('info', { reason }, 'this process has stopped writing');
  }
}

function headOf({ revision, hash, term, at }: Commit<DomainEvent>): ChainHead {
  return { revision, hash, term, at };
}
