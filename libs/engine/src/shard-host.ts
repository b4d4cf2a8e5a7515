import { decideWhole } from '#libs/kernel';
import type { AnyShardKind, CommandRequest, Committed, DomainCommand, DomainEvent, Effect } from '#libs/kernel';
import type { Notes } from './ports.ts';
import type { Reply, ShellListener, ShellPorts, WriterShell } from './writer-shell.ts';

/** A shard that stepped down is opened again after this pause, doubling up to the maximum while it fails. */
const REOPEN_PAUSE_MS_MIN = 100;
const REOPEN_PAUSE_MS_MAX = 5_000;

/** Who hears of what this process's writers do. */
export interface CommitListener {
  /** `isLive`: durable just now, its effects and responses follow. Otherwise read from the log while opening. */
  committed(committed: Committed<DomainEvent, Effect>, isLive: boolean): void;
  /** A shard's writer is open, with a new term. */
  opened(shell: WriterShell): void;
  /** A shard's log cannot be folded, or lacks what was acknowledged: trying again does not help. */
  damaged(shard: string, error: Error): void;
}

export interface ShardHostOptions {
  readonly kinds: readonly AnyShardKind[];
  /** Names this process in the log. */
  readonly holder: string;
  readonly ports: ShellPorts;
  readonly listener: CommitListener;
  readonly notes: Notes;
  /** Whether an error may go away by itself. */
  readonly isPassing: (error: Error) => boolean;
  /** What opens a shard and writes it. */
  readonly Shell: typeof WriterShell;
}

type Waiting = { readonly request: CommandRequest<DomainCommand>; readonly reply: Reply };

/**
 * Holds the writers of all shards while this process has the lease. Shards are found in the journal; a new one is opened
 * by its first accepted command. A writer that steps down is opened again from the log.
 */
export class ShardHost implements ShellListener {
  readonly #options: ShardHostOptions;
  readonly #open = new Map<string, WriterShell>();
  /** Shells that read their log, with the commands that wait for them. */
  readonly #opening = new Map<string, { readonly shell: WriterShell; readonly waiting: Waiting[] }>();
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

  /** Every shard that this process opened has a writer that leads. */
  get allOpen(): boolean {
    return this.#opening.size === 0 && this.shells.every((shell) => shell.isLeading);
  }

  /** Opens every shard of the journal. `led`: all that could be opened are open. */
  lead(led: () => void): void {
    this.#isLeading = true;
    this.#mayReopen = true;
    this.#era += 1;
    this.#find(this.#era, REOPEN_PAUSE_MS_MIN, led);
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

  /** Gives a command to its shard's writer. */
  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    const shell = this.#open.get(shard);
    if (shell !== undefined) return shell.submit(request, reply);
    if (!this.#isLeading) return reply({ kind: 'unavailable', reason: `this process does not write ${shard} now` });
    const opening = this.#opening.get(shard);
    if (opening !== undefined) {
      opening.waiting.push({ request, reply });
      return;
    }
    this.#submitToNew(shard, request, reply);
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
    this.#later(REOPEN_PAUSE_MS_MIN, () => this.#openShard(shell.shard, shell.kind, REOPEN_PAUSE_MS_MIN, () => {}));
  }

  #find(era: number, pauseMs: number, led: () => void): void {
    this.#options.ports.journal.shards(
      (shards) => {
        if (era === this.#era) this.#openAll(shards, led);
      },
      (error) => {
        if (era !== this.#era) return;
        this.#options.notes.note('error', { error: error.message }, 'the journal cannot be read; trying again');
        this.#later(pauseMs, () => this.#find(era, nextPause(pauseMs), led));
      },
    );
  }

  #openAll(shards: readonly string[], led: () => void): void {
    const era = this.#era;
    const owned = shards.flatMap((shard) => {
      const kind = this.#kindOf(shard);
      return kind === undefined ? [] : [{ shard, kind }];
    });
    let left = owned.length;
    if (left === 0) return led();
    for (const { shard, kind } of owned) {
      this.#openShard(shard, kind, REOPEN_PAUSE_MS_MIN, () => {
        left -= 1;
        if (left === 0 && era === this.#era) led();
      });
    }
  }

  #openShard(shard: string, kind: AnyShardKind, pauseMs: number, settled: () => void): void {
    if (this.#open.has(shard) || this.#opening.has(shard)) return settled();
    const { ports, holder, listener, notes, isPassing, Shell } = this.#options;
    const era = this.#era;
    const shell = new Shell(shard, kind, ports, this);
    const waiting: Waiting[] = [];
    this.#opening.set(shard, { shell, waiting });
    shell.open(
      holder,
      () => {
        if (era !== this.#era) return;
        this.#opening.delete(shard);
        this.#open.set(shard, shell);
        listener.opened(shell);
        for (const { request, reply } of waiting) shell.submit(request, reply);
        settled();
      },
      (error) => {
        if (era !== this.#era) return;
        this.#opening.delete(shard);
        for (const { reply } of waiting) reply({ kind: 'unavailable', reason: error.message });
        settled();
        if (!isPassing(error)) return listener.damaged(shard, error);
        notes.note('error', { shard, error: error.message }, 'the shard could not be opened; trying again');
        this.#later(pauseMs, () => this.#openShard(shard, kind, nextPause(pauseMs), () => {}));
      },
    );
  }

  /** A shard without a log: only a command that may open it, and that would be accepted, does. */
  #submitToNew(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    const kind = this.#kindOf(shard);
    if (kind === undefined || !kind.opens(request.command)) {
      return reply({ kind: 'unavailable', reason: `${shard} is not open here` });
    }
    const { decider } = kind;
    const at = this.#options.ports.clock.wall();
    const trial = decideWhole(decider, decider.initialState(shard), { ...request, at }, at);
    if (trial.kind === 'rejected') return reply({ kind: 'rejected', revision: 0, rejection: trial.rejection });
    this.#openShard(shard, kind, REOPEN_PAUSE_MS_MIN, () => {});
    this.submit(shard, request, reply);
  }

  #kindOf(shard: string): AnyShardKind | undefined {
    return this.#options.kinds.find((kind) => kind.owns(shard));
  }

  #later(pauseMs: number, act: () => void): void {
    const era = this.#era;
    this.#options.ports.clock.after(pauseMs, () => {
      if (era === this.#era && this.#isLeading && this.#mayReopen) act();
    });
  }
}

function nextPause(pauseMs: number): number {
  return Math.min(pauseMs * 2, REOPEN_PAUSE_MS_MAX);
}
