import { checkWitness, StoreUnavailable } from '#libs/event-store';
import type { StoredCommit, Witness } from '#libs/event-store';
import { LogClock, ShardWriter } from '#libs/kernel';
import type {
  AnyShardKind,
  ChainHead,
  CommandAnswer,
  CommandRequest,
  Committed,
  ContextRejection,
  DomainCommand,
  DomainEvent,
  Effect,
  EncodedCommit,
  Rest,
  Sha256,
  WriterPort,
} from '#libs/kernel';
import type { Cancel, Clock, Ids, Journal, Lease, Witnesses } from './ports.ts';

/** How often the leader is asked for the head before an append's outcome is given up as unknown. */
const HEAD_READ_ATTEMPTS_MAX = 20;
const HEAD_READ_PAUSE_MS = 250;
/** A deadline that has passed is not served more often than this, whatever the state says. */
const ELAPSE_PAUSE_MS_MIN = 10;
/** The wall clock may be set at any moment: what it drives is looked at again after this long at the latest. */
const LOOK_AGAIN_MS_MAX = 1_000;

const OVERTAKEN = 'another process may have written, and the log is not certainly ours';

export type Reply = (answer: CommandAnswer<ContextRejection>) => void;

/** What a shell works with. */
export interface ShellPorts {
  readonly journal: Journal;
  readonly witnesses: Witnesses;
  readonly lease: Pick<Lease, 'isHeld' | 'holding'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sha256: Sha256;
}

/** Whom a shell reports to. */
export interface ShellListener {
  /** For each recorded commit while opening (`isLive` false), for each durable one while leading, before its responses. */
  committed(committed: Committed<DomainEvent, Effect>, isLive: boolean): void;
  /** Nothing more will be written by this shell. */
  steppedDown(shell: WriterShell, reason: string): void;
}

/** Gives the writer of one shard a journal, a clock, and a turn in which a burst gathers. */
export class WriterShell implements WriterPort<DomainEvent, Effect> {
  readonly shard: string;
  readonly kind: AnyShardKind;
  readonly #ports: ShellPorts;
  readonly #listener: ShellListener;
  readonly #writer: ShardWriter<unknown, DomainCommand, DomainEvent, ContextRejection, Effect>;
  #flushScheduled = false;
  #cancelTimer: Cancel = () => {};
  #timerAt: number | null = null;
  #hashAtWitness: string | null = null;
  #time: LogClock | null = null;
  /** The commit in flight, and the holding of the lease under which it was first sent; null: the lease was not held. */
  #sent: { readonly hash: string; readonly holding: number | null } | null = null;
  /** The holding under which the newest durable commit of this writer was sent. */
  #provenHolding: number | null = null;

  constructor(shard: string, kind: AnyShardKind, ports: ShellPorts, listener: ShellListener) {
    this.shard = shard;
    this.kind = kind;
    this.#ports = ports;
    this.#listener = listener;
    this.#writer = new ShardWriter(shard, kind.decider, this, ports.sha256);
  }

  get isLeading(): boolean {
    return this.#writer.phase === 'leading' || this.#writer.phase === 'resolving';
  }

  /** It leads, and its term is in the log; a shard that has no log yet is given the benefit of the doubt. */
  get isWriting(): boolean {
    const { head, term } = this.#writer;
    return this.isLeading && (head.term === term || head.revision === 0);
  }

  get term(): number {
    return this.#writer.term;
  }

  /** The durable head. */
  get head(): ChainHead {
    return this.#writer.head;
  }

  /** Commands that wait to be decided. */
  get queueLength(): number {
    return this.#writer.queueLength;
  }

  /**
   * Folds the shard from the start of its log and opens a new term, unless `stop` comes first. `failed` gets
   * StoreUnavailable (try again), or JournalDamaged, CommitRefused, WitnessContradicted (trying again does not help).
   */
  open(holder: string, opened: () => void, failed: (error: Error) => void): void {
    const { journal, witnesses } = this.#ports;
    witnesses.read(
      this.shard,
      (witness) => {
        let problem: Error | null = null;
        journal.read(this.shard, 0, {
          batch: (commits) => {
            if (this.#writer.phase === 'loading') problem ??= caught(() => this.#load(commits, witness));
          },
          end: () => {
            if (this.#writer.phase !== 'loading') return;
            problem ??= caught(() => checkWitness(witness, this.#writer.head, this.#hashAtWitness));
            if (problem !== null) return failed(problem);
            // Whoever holds the lease relies on this: no other process begins a term meanwhile.
            if (!this.#ports.lease.isHeld) return failed(new StoreUnavailable('the lease is not held any more'));
            this.#startClock();
            this.#writer.start(this.#now(), holder);
            opened();
          },
          failed: (error) => failed(problem ?? error),
        });
      },
      failed,
    );
  }

  /** Submits a command. The response comes when everything that it rests on is durable, and certainly still true. */
  submit(request: CommandRequest<DomainCommand>, reply: Reply): void {
    const { revision } = this.#writer.head;
    this.#writer.submit({ ...request, at: this.#now() }, (answer) => {
      const restsOnNoAppend =
        answer.kind === 'rejected' || (answer.kind === 'accepted' && answer.revision === revision);
      // An append proves by itself that the log is ours; what appends nothing may rest on a state that is past.
      if (!restsOnNoAppend || this.#isCertain) reply(answer);
      else this.#confirm((isOurs) => reply(isOurs ? answer : { kind: 'unavailable', reason: OVERTAKEN }));
    });
    this.#scheduleFlush();
  }

  /** A copy of something in the state, once what it rests on is durable; null when the writer is gone. */
  inspect<Value>(read: (state: unknown) => Value, reply: (value: Value | null) => void): void {
    this.#writer.inspect(read, reply);
    this.#scheduleFlush();
  }

  /** The state at a moment when nothing is speculative. `read` must copy what it keeps. */
  atRest(read: (state: unknown, head: ChainHead) => void): void {
    this.#writer.atRest(read);
  }

  /** The state while nothing is speculative, and until it is resumed no command is decided. null: the writer has stopped. */
  holdAtRest(held: (rest: Rest<unknown> | null) => void): void {
    this.#writer.holdAtRest(held);
  }

  stop(reason: string): void {
    this.#writer.stop(reason);
  }

  append(commit: EncodedCommit, expected: number | null): void {
    const { isHeld, holding } = this.#ports.lease;
    if (this.#sent?.hash !== commit.hash) this.#sent = { hash: commit.hash, holding: isHeld ? holding : null };
    this.#ports.journal.append(commit, expected, (outcome) => this.#writer.appendDone(outcome));
  }

  readHead(): void {
    this.#readHead(1);
  }

  committed(committed: Committed<DomainEvent, Effect>): void {
    this.#provenHolding = this.#sent?.holding ?? null;
    this.#listener.committed(committed, true);
    this.#rearm();
  }

  steppedDown(reason: string): void {
    this.#cancelTimer();
    this.#timerAt = null;
    this.#listener.steppedDown(this, reason);
  }

  /**
   * Whether no other process can have written since this writer's last commit. Holding the lease is not enough: a process
   * that had it in between goes on for a while, and its first append may be under way. What was appended under the present
   * holding stands in the way of that one.
   */
  get #isCertain(): boolean {
    const { lease } = this.#ports;
    return lease.isHeld && lease.holding === this.#provenHolding;
  }

  #startClock(): void {
    const { clock } = this.#ports;
    this.#time = new LogClock(
      () => clock.wall(),
      () => clock.monotonic(),
      this.#writer.head.at,
    );
  }

  /** Before the log is read nothing is timed. */
  #now(): number {
    return this.#time?.now() ?? 0;
  }

  #load(commits: readonly StoredCommit[], witness: Witness | null): void {
    for (const stored of commits) {
      const commit = this.#writer.load(stored.text, stored.streamRevision);
      const { shard, term, revision, hash, text, streamRevision } = stored;
      if (revision === witness?.revision) this.#hashAtWitness = hash;
      const encoded = { shard, term, revision, prevHash: commit.prevHash, hash, text };
      this.#listener.committed({ commit, encoded, streamRevision, effects: [] }, false);
    }
  }

  /** Whether the log is still this writer's; if another term has begun there, this writer ends. */
  #confirm(confirmed: (isOurs: boolean) => void): void {
    this.#ports.journal.head(
      this.shard,
      (head) => {
        const isOurs = head?.term === this.#writer.term;
        confirmed(isOurs);
        if (!isOurs) this.stop(`another writer has opened ${this.shard}`);
      },
      () => confirmed(false),
    );
  }

  #readHead(attempt: number): void {
    this.#ports.journal.head(
      this.shard,
      (stored) => this.#writer.headRead(stored),
      (error) => {
        const isPassing = error instanceof StoreUnavailable && attempt < HEAD_READ_ATTEMPTS_MAX;
        if (!isPassing) this.#writer.headUnreadable(error.message);
        else this.#ports.clock.after(HEAD_READ_PAUSE_MS, () => this.#readHead(attempt + 1));
      },
    );
  }

  /** Everything that arrives in this turn travels in one commit. */
  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    this.#ports.clock.soon(() => {
      this.#flushScheduled = false;
      this.#writer.flush();
    });
  }

  #rearm(): void {
    const deadline = this.#writer.nextDeadline;
    if (deadline === this.#timerAt) return;
    this.#cancelTimer();
    this.#timerAt = deadline;
    if (deadline === null) return;
    const delay = Math.max(deadline - this.#now(), ELAPSE_PAUSE_MS_MIN);
    this.#cancelTimer = this.#ports.clock.after(Math.min(delay, LOOK_AGAIN_MS_MAX), () => this.#look(deadline));
  }

  #look(deadline: number): void {
    this.#timerAt = null;
    const at = this.#now();
    if (at < deadline) return this.#rearm();
    const commandId = this.#ports.ids.fresh();
    this.#writer.submit(
      {
        commandId,
        command: this.kind.decider.elapse(at),
        principal: 'system:clock',
        source: 'clock',
        correlationId: commandId,
        causationId: null,
        at,
      },
      () => this.#rearm(),
    );
    this.#scheduleFlush();
  }
}

function caught(act: () => void): Error | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
