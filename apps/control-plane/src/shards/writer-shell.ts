import { createHash, randomUUID } from 'node:crypto';
import type { EventStore, StoredCommit, WitnessStore } from '#libs/event-store';
import { checkWitness, StoreUnavailable } from '#libs/event-store';
import { LogClock, ShardWriter } from '#libs/kernel';
import type {
  ChainHead,
  CommandAnswer,
  CommandRequest,
  Committed,
  Decider,
  DomainCommand,
  DomainEvent,
  Effect,
  EncodedCommit,
  Sha256,
  WriterPort,
} from '#libs/kernel';

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** How long the leader is asked for the head before an append's outcome is given up as unknown. */
const HEAD_READ_ATTEMPTS_MAX = 20;
const HEAD_READ_PAUSE_MS = 250;
/** A deadline that has passed is not served more often than this, whatever the state says. */
const ELAPSE_PAUSE_MS_MIN = 10;
/**
 * A deadline is compared with the clock at least this often. The wall clock may be set, and the machine may sleep, while
 * a timer runs.
 */
const CLOCK_CHECK_INTERVAL_MS_MAX = 1_000;

/** What a shell tells its host. */
export interface ShellListener<Event extends DomainEvent, Out extends Effect> {
  /** While opening, for each recorded commit, and while leading, for each durable one before its answers go out. */
  readonly onCommitted: (committed: Committed<Event, Out>) => void;
  readonly onStepDown: (shard: string, reason: string) => void;
}

/** Gives one shard's writer a journal, a clock and a turn of the event loop to collect a burst. */
export class WriterShell<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> implements WriterPort<Event, Out> {
  readonly shard: string;
  readonly #decider: Decider<State, Command, Event, Rejection, Out>;
  readonly #store: EventStore;
  readonly #listener: ShellListener<Event, Out>;
  readonly #writer: ShardWriter<State, Command, Event, Rejection, Out>;
  #clock: LogClock | null = null;
  #flushScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt: number | null = null;

  constructor(
    shard: string,
    decider: Decider<State, Command, Event, Rejection, Out>,
    store: EventStore,
    listener: ShellListener<Event, Out>,
  ) {
    this.shard = shard;
    this.#decider = decider;
    this.#store = store;
    this.#listener = listener;
    this.#writer = new ShardWriter(shard, decider, this, sha256);
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

  get head(): ChainHead {
    return this.#writer.head;
  }

  get queueLength(): number {
    return this.#writer.queueLength;
  }

  /**
   * Folds the shard from the start of its log and opens a new term.
   * @throws StoreUnavailable, CommitRefused, WitnessContradicted
   */
  async open(holder: string, witnesses: WitnessStore): Promise<void> {
    const witness = await witnesses.read(this.shard);
    let hashAtWitness: string | null = null;
    for await (const batch of this.#store.read(this.shard, 0)) {
      for (const stored of batch) {
        this.#load(stored);
        if (stored.revision === witness?.revision) hashAtWitness = stored.hash;
      }
    }
    checkWitness(witness, this.#writer.head, hashAtWitness);
    this.#clock = new LogClock(Date.now, () => performance.now(), this.#writer.head.at);
    this.#writer.start(this.#now(), holder);
  }

  submit(request: CommandRequest<Command>): Promise<CommandAnswer<Rejection>> {
    return new Promise((resolve) => {
      this.#writer.submit({ ...request, at: this.#now() }, resolve);
      this.#scheduleFlush();
    });
  }

  /** A copy of something in the state, once what it rests on is durable; null when the writer is gone. */
  inspect<Value>(read: (state: State) => Value): Promise<Value | null> {
    return new Promise((resolve) => {
      this.#writer.inspect(read, resolve);
      this.#scheduleFlush();
    });
  }

  /**
   * Works on the state while nothing is speculative and no command is decided. null: the writer has stopped. `work` must
   * copy what it wants to keep.
   */
  whileAtRest<Value>(work: (state: State, head: ChainHead) => Promise<Value>): Promise<Value | null> {
    return new Promise((resolve, reject) => {
      this.#writer.holdAtRest((rest) => {
        if (rest === null) return resolve(null);
        work(rest.state, rest.head).then(resolve, reject).finally(rest.resume);
      });
    });
  }

  stop(reason: string): void {
    this.#writer.stop(reason);
  }

  append(commit: EncodedCommit, expected: number | null): void {
    this.#store.append(commit, expected).then(
      (outcome) => this.#writer.appendDone(outcome),
      (error: unknown) => this.#writer.appendDone({ kind: 'unknown', reason: String(error) }),
    );
  }

  readHead(): void {
    this.#readHead(1).then(
      (stored) => this.#writer.headRead(stored),
      (error: unknown) => this.#writer.headUnreadable(String(error)),
    );
  }

  committed(committed: Committed<Event, Out>): void {
    this.#listener.onCommitted(committed);
    this.#rearm();
  }

  steppedDown(reason: string): void {
    clearTimeout(this.#timer);
    this.#timerAt = null;
    this.#listener.onStepDown(this.shard, reason);
  }

  #load(stored: StoredCommit): void {
    const commit = this.#writer.load(stored.text, stored.streamRevision);
    const { shard, term, revision, hash, text, streamRevision } = stored;
    const encoded = { shard, term, revision, prevHash: commit.prevHash, hash, text };
    this.#listener.onCommitted({ commit, encoded, streamRevision, effects: [] });
  }

  async #readHead(attempt: number): Promise<StoredCommit | null> {
    try {
      return await this.#store.readHead(this.shard);
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt >= HEAD_READ_ATTEMPTS_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, HEAD_READ_PAUSE_MS));
      return this.#readHead(attempt + 1);
    }
  }

  /** Everything that arrives in this turn of the event loop travels in one commit. */
  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      this.#writer.flush();
    });
  }

  #rearm(): void {
    const deadline = this.#writer.nextDeadline;
    if (deadline === this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    if (deadline !== null) this.#waitFor(deadline);
  }

  #waitFor(deadline: number): void {
    const delay = Math.max(deadline - this.#now(), ELAPSE_PAUSE_MS_MIN);
    this.#timer = setTimeout(
      () => {
        if (this.#now() < deadline) this.#waitFor(deadline);
        else this.#elapse();
      },
      Math.min(delay, CLOCK_CHECK_INTERVAL_MS_MAX),
    );
  }

  /** Before the log is read nothing is timed. */
  #now(): number {
    return this.#clock?.now() ?? 0;
  }

  #elapse(): void {
    this.#timerAt = null;
    const at = this.#now();
    const commandId = randomUUID();
    const rearm = (): void => this.#rearm();
    this.#writer.submit(
      {
        commandId,
        command: this.#decider.elapse(at),
        principal: 'system:clock',
        source: 'clock',
        correlationId: commandId,
        causationId: null,
        at,
      },
      rearm,
    );
    this.#scheduleFlush();
  }
}
