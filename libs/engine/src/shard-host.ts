import { StoreUnavailable, WitnessContradicted } from '#libs/event-store';
import { backoffMs, decideWhole } from '#libs/kernel';
import type {
  AnyShardKind,
  CommandAnswer,
  CommandRequest,
  Committed,
  ContextRejection,
  DomainCommand,
  DomainEvent,
  Effect,
} from '#libs/kernel';
import type { Notes, Peers } from './ports.ts';
import type { Reply, ShellListener, ShellPorts, WriterShell } from './writer-shell.ts';

/** A shard that stepped down is opened again after this pause, doubling up to the maximum while it fails. */
const REOPEN_PAUSE_MS_MIN = 100;
export const REOPEN_PAUSE_MS_MAX = 5_000;

/** Who hears of what this process's writers do. */
export interface CommitListener {
  /** `isLive`: durable just now, its effects and responses follow. Otherwise read from the log while opening. */
  committed(committed: Committed<DomainEvent, Effect>, isLive: boolean): void;
  /** A shard's writer is open, with a new term. */
  opened(shell: WriterShell): void;
  /** A shard's log cannot be folded: it gets no writer, and the other shards go on. */
  halted(shard: string, error: Error): void;
  /** What was acknowledged is not in the log, or what everything rests on cannot be folded: nothing may be written. */
  damaged(shard: string, error: Error): void;
}

export interface ShardHostOptions {
  /** The kind of a shard that is this installation's. */
  readonly kindOf: (shard: string) => AnyShardKind | undefined;
  /** Names this process in the log. */
  readonly holder: string;
  readonly ports: ShellPorts;
  readonly listener: CommitListener;
  readonly peers: Peers;
  readonly notes: Notes;
  /** What opens a shard and writes it. */
  readonly Shell: typeof WriterShell;
}

type Waiting = { readonly request: CommandRequest<DomainCommand>; readonly reply: Reply };

/** How opening a shard ended; null: its writer is open. */
type Opened = (failure: Error | null) => void;

/**
 * Holds the writers of all shards while this process has the lease. Shards are found in the journal; a new one is opened
 * by its first accepted command. A writer that steps down is opened again from the log.
 */
export class ShardHost implements ShellListener {
  readonly #options: ShardHostOptions;
  readonly #open = new Map<string, WriterShell>();
  /** Shells that read their log, with the commands that wait for them. */
  readonly #opening = new Map<string, { readonly shell: WriterShell; readonly waiting: Waiting[] }>();
  /** Shards that have a log, with a writer or without. */
  readonly #recorded = new Set<string>();
  /** Shards whose log cannot be folded. */
  readonly #halted = new Set<string>();
  #isLeading = false;
  #mayReopen = true;
  /** Tells one time of leading from the next: what was started in an earlier one must not end in a later one. */
  #era = 0;

  constructor(options: ShardHostOptions) {
    this.#options = options;
  }

  /** This process writes, or is opening its shards in order to. */
  get isLeading(): boolean {
    return this.#isLeading;
  }

  /** The open writers. */
  get shells(): readonly WriterShell[] {
    return [...this.#open.values()];
  }

  shell(shard: string): WriterShell | undefined {
    return this.#open.get(shard);
  }

  /** Shards without a writer, because their log cannot be folded. */
  get haltedShards(): readonly string[] {
    return [...this.#halted];
  }

  /** Every shard has a writer that leads, except those that are halted. */
  get allOpen(): boolean {
    return this.#every((shell) => shell.isLeading);
  }

  /** Every shard has a writer whose term is in the log: what it decides can be recorded. */
  get allWriting(): boolean {
    return this.#every((shell) => shell.isWriting);
  }

  /** Opens every shard of the journal, one after the other. `led`: all that could be opened are open. */
  lead(led: () => void): void {
    this.#isLeading = true;
    this.#mayReopen = true;
    this.#recorded.clear();
    this.#halted.clear();
    this.#era += 1;
    this.#find(this.#era, 1, led);
  }

  /**
   * The lease is in doubt: the writers go on, since the log decides, but one that steps down is not opened again, or two
   * processes would take the shard from each other in turns.
   */
  holdOn(leaseIsHeld: boolean): void {
    this.#mayReopen = leaseIsHeld;
  }

  /** Stops every writer: the lease is lost or the process ends. */
  standDown(reason: string): void {
    this.#isLeading = false;
    this.#era += 1;
    const shells = this.shells;
    const opening = [...this.#opening.values()];
    this.#open.clear();
    this.#opening.clear();
    for (const shell of shells) shell.stop(reason);
    for (const { shell, waiting } of opening) {
      shell.stop(reason);
      for (const { reply } of waiting) reply({ kind: 'unavailable', reason });
    }
  }

  /** Gives a command to its shard's writer: here, or over the wire where another process writes. */
  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    const shell = this.#open.get(shard);
    if (shell !== undefined) return shell.submit(request, reply);
    if (!this.#isLeading) return this.#options.peers.submit(shard, request, reply);
    const opening = this.#opening.get(shard);
    if (opening === undefined) this.#submitToNew(shard, request, reply);
    else opening.waiting.push({ request, reply });
  }

  committed(committed: Committed<DomainEvent, Effect>, isLive: boolean): void {
    this.#options.listener.committed(committed, isLive);
  }

  /** Restart is the recovery path: the speculative state is gone with the shell, the log has the rest. */
  steppedDown(shell: WriterShell, reason: string): void {
    if (this.#open.get(shell.shard) !== shell) return;
    this.#open.delete(shell.shard);
    if (!this.#isLeading) return;
    this.#options.notes.note('warn', { shard: shell.shard, reason }, 'the writer stepped down');
    this.#reopenLater(shell.shard, shell.kind, 1);
  }

  #every(is: (shell: WriterShell) => boolean): boolean {
    for (const shard of this.#recorded) {
      const shell = this.#open.get(shard);
      if (!this.#halted.has(shard) && (shell === undefined || !is(shell))) return false;
    }
    return true;
  }

  #find(era: number, attempt: number, led: () => void): void {
    const { journal, witnesses } = this.#options.ports;
    const failed = (error: Error): void => {
      if (era !== this.#era) return;
      this.#options.notes.note('error', { error: error.message }, 'the shards cannot be listed; trying again');
      this.#later(reopenPauseMs(attempt), () => this.#find(era, attempt + 1, led));
    };
    journal.shards((inJournal) => {
      // A shard of which only the witness knows has lost its whole log: opening it says so.
      witnesses.shards((witnessed) => this.#found(era, [...inJournal, ...witnessed], led), failed);
    }, failed);
  }

  #found(era: number, shards: readonly string[], led: () => void): void {
    if (era !== this.#era) return;
    for (const shard of shards) if (this.#options.kindOf(shard) !== undefined) this.#recorded.add(shard);
    this.#openNext(era, [...this.#recorded], 0, led);
  }

  #openNext(era: number, shards: readonly string[], index: number, led: () => void): void {
    if (era !== this.#era) return;
    const shard = shards[index];
    if (shard === undefined) return led();
    const kind = this.#options.kindOf(shard);
    if (kind === undefined || this.#open.has(shard) || this.#opening.has(shard)) {
      return this.#openNext(era, shards, index + 1, led);
    }
    this.#openShard(shard, kind, (failure) => {
      if (failure !== null) this.#notOpened(shard, kind, failure, 1);
      this.#openNext(era, shards, index + 1, led);
    });
  }

  /** `settled` is called unless this time of leading ends before. */
  #openShard(shard: string, kind: AnyShardKind, settled: Opened): void {
    const { ports, holder, listener, Shell } = this.#options;
    const era = this.#era;
    const shell = new Shell(shard, kind, ports, this);
    const waiting: Waiting[] = [];
    this.#opening.set(shard, { shell, waiting });
    shell.open(
      holder,
      () => {
        if (era !== this.#era) return;
        this.#opening.delete(shard);
        this.#recorded.add(shard);
        this.#open.set(shard, shell);
        listener.opened(shell);
        for (const { request, reply } of waiting) shell.submit(request, reply);
        settled(null);
      },
      (error) => {
        if (era !== this.#era) return;
        this.#opening.delete(shard);
        for (const { reply } of waiting) reply({ kind: 'unavailable', reason: error.message });
        settled(error);
      },
    );
  }

  /** A shard that has a log could not be opened. */
  #notOpened(shard: string, kind: AnyShardKind, error: Error, attempt: number): void {
    const { listener, notes } = this.#options;
    if (error instanceof StoreUnavailable) {
      notes.note('error', { shard, error: error.message }, 'the shard could not be opened; trying again');
      return this.#reopenLater(shard, kind, attempt);
    }
    // No writer over a tail that is gone, and none beside a shard that everything rests on.
    if (kind.isIndispensable || error instanceof WitnessContradicted) return listener.damaged(shard, error);
    this.#halted.add(shard);
    listener.halted(shard, error);
  }

  #reopenLater(shard: string, kind: AnyShardKind, attempt: number): void {
    this.#later(reopenPauseMs(attempt), () => {
      this.#openShard(shard, kind, (failure) => {
        if (failure !== null) this.#notOpened(shard, kind, failure, attempt + 1);
      });
    });
  }

  /**
   * A shard without a log: only a command that may open it, and that would be accepted, does. One that has a log is opened
   * by what closed it. While the lease is in doubt, another process may have opened what is new here.
   */
  #submitToNew(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    const { kindOf, listener, ports } = this.#options;
    const kind = kindOf(shard);
    if (kind === undefined || this.#recorded.has(shard) || !ports.lease.isHeld || !kind.opens(request.command)) {
      return reply({ kind: 'unavailable', reason: `${shard} is not open here` });
    }
    const refusal = refusalOfFirst(kind, shard, request, ports.clock.wall());
    if (refusal !== null) return reply(refusal);
    this.#openShard(shard, kind, (failure) => {
      if (failure instanceof WitnessContradicted) listener.damaged(shard, failure);
    });
    this.submit(shard, request, reply);
  }

  #later(pauseMs: number, act: () => void): void {
    const era = this.#era;
    this.#options.ports.clock.after(pauseMs, () => {
      if (era === this.#era && this.#isLeading && this.#mayReopen) act();
    });
  }
}

/** The answer to the first command of a shard if it is refused, or null. Decided on a state that is thrown away. */
function refusalOfFirst(
  { decider }: AnyShardKind,
  shard: string,
  request: CommandRequest<DomainCommand>,
  at: number,
): CommandAnswer<ContextRejection> | null {
  try {
    const trial = decideWhole(decider, decider.initialState(shard), { ...request, at }, at);
    return trial.kind === 'rejected' ? { kind: 'rejected', revision: 0, rejection: trial.rejection } : null;
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Before an attempt to read the journal again, counted from 1. */
function reopenPauseMs(attempt: number): number {
  return backoffMs(attempt, REOPEN_PAUSE_MS_MIN, REOPEN_PAUSE_MS_MAX);
}
