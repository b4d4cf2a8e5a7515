import type { AppendOutcome, StoredCommit } from '#libs/event-store';
import { LogClock } from '#libs/kernel';
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
  ShardWriter,
  WriterPort,
} from '#libs/kernel';
import type { ProductParts } from '../parts.ts';
import { JournalDoubt } from '../world/journal-doubt.ts';
import { sha256 } from '../world/sha256.ts';
import type { JournalClient, SimJournal } from '../world/sim-journal.ts';
import type { SimProcess } from '../world/sim-process.ts';

const HEAD_READ_ATTEMPTS_MAX = 20;
const HEAD_READ_PAUSE_MS = 250;
const ELAPSE_PAUSE_MS_MIN = 10;
/** As in the product: a deadline is compared with the clock at least this often. */
const CLOCK_CHECK_INTERVAL_MS_MAX = 1_000;

const OVERTAKEN = { kind: 'unavailable', reason: 'the lease is in doubt and the log is not certainly ours' } as const;

/** What a shell works with. */
export interface ShellSurroundings {
  readonly process: SimProcess;
  readonly journal: SimJournal;
  readonly client: JournalClient;
  readonly parts: ProductParts;
  /** This process's wall clock, which may be wrong, ms since the epoch. */
  readonly wallClock: () => number;
  readonly freshId: () => string;
  /** Whether this process certainly holds the lease, so that nobody else can have written. */
  readonly isSure: () => boolean;
  /** A commit leaves for the journal, sent by this writer. */
  readonly onAppend: (writerId: string, hash: string) => void;
  /** Tells the writer of success before the journal does: a deliberate defect, for the checks of the checks. */
  readonly answersBeforeTheAck?: boolean;
}

export interface SimShellListener<Event extends DomainEvent, Out extends Effect> {
  /** Durable commits of this writer, and recorded ones while it opens; may hit a crash point. */
  readonly onCommitted: (committed: Committed<Event, Out>, isLive: boolean) => void;
  readonly onStepDown: (reason: string) => void;
  /** The log cannot be folded, or contradicts what was acknowledged. */
  readonly onUnreadable: (error: unknown) => void;
  readonly checkHead: (head: ChainHead) => void;
}

/** apps/control-plane's WriterShell over the virtual world: a journal, a clock and a turn in which a burst gathers. */
export class SimWriterShell<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> implements WriterPort<Event, Out> {
  readonly shard: string;
  /** Another one for each opening. */
  readonly writerId: string;
  readonly #decider: Decider<State, Command, Event, Rejection, Out>;
  readonly #world: ShellSurroundings;
  readonly #listener: SimShellListener<Event, Out>;
  readonly #writer: ShardWriter<State, Command, Event, Rejection, Out>;
  readonly #doubt = new JournalDoubt();
  #clock: LogClock | null = null;
  #flushScheduled = false;
  #cancelTimer: () => void = () => {};
  #timerAt: number | null = null;

  constructor(
    shard: string,
    decider: Decider<State, Command, Event, Rejection, Out>,
    world: ShellSurroundings,
    listener: SimShellListener<Event, Out>,
  ) {
    this.shard = shard;
    this.writerId = world.freshId();
    this.#decider = decider;
    this.#world = world;
    this.#listener = listener;
    this.#writer = new world.parts.ShardWriter(shard, decider, this, sha256);
  }

  get isLeading(): boolean {
    return this.#writer.phase === 'leading' || this.#writer.phase === 'resolving';
  }

  get term(): number {
    return this.#writer.term;
  }

  get head(): ChainHead {
    return this.#writer.head;
  }

  /** Folds the shard from the start of its log and opens a new term, if it is still `wanted` by then. */
  open(holder: string, wanted: () => boolean, opened: () => void, failed: () => void): void {
    const { process, journal, client } = this.#world;
    journal.read(
      client,
      () => journal.commitsOf(this.shard),
      process.guarded((commits) => {
        if (!wanted()) return;
        try {
          for (const stored of commits) this.#load(stored);
          this.#listener.checkHead(this.#writer.head);
        } catch (error) {
          this.#listener.onUnreadable(error);
          failed();
          return;
        }
        process.crashPoint('before a term starts');
        this.#clock = new LogClock(this.#world.wallClock, () => process.clock.now(), this.#writer.head.at);
        this.#writer.start(this.#now(), holder);
        opened();
      }),
      process.guarded(failed),
    );
  }

  submit(request: CommandRequest<Command>, reply: (answer: CommandAnswer<Rejection>) => void): void {
    const { revision } = this.#writer.head;
    this.#writer.submit({ ...request, at: this.#now() }, (answer) => {
      const restsOnNoCommit =
        answer.kind === 'rejected' || (answer.kind === 'accepted' && answer.revision === revision);
      if (!restsOnNoCommit || this.#world.isSure()) reply(answer);
      else this.#confirm((isOurs) => reply(isOurs ? answer : OVERTAKEN));
    });
    this.#scheduleFlush();
  }

  inspect<Value>(read: (state: State) => Value, reply: (value: Value | null) => void): void {
    this.#writer.inspect(read, reply);
    this.#scheduleFlush();
  }

  atRest(read: (state: State, head: ChainHead) => void): void {
    this.#writer.atRest(read);
  }

  stop(reason: string): void {
    this.#writer.stop(reason);
  }

  append(commit: EncodedCommit, expected: number | null): void {
    const { process, journal, client, answersBeforeTheAck } = this.#world;
    process.crashPoint('before an append is sent');
    this.#world.onAppend(this.writerId, commit.hash);
    const done = process.guarded((outcome: AppendOutcome) => {
      process.crashPoint('before an append is acknowledged');
      this.#writer.appendDone(this.#doubt.judge(commit.shard, commit.hash, outcome));
    });
    if (answersBeforeTheAck === true) {
      const guess = (expected ?? journal.commits.at(-1)?.streamRevision ?? 0) + 1;
      process.after(0, () => this.#writer.appendDone({ kind: 'appended', streamRevision: guess }));
      journal.append(client, commit, expected, () => {});
      return;
    }
    journal.append(client, commit, expected, done);
    process.crashPoint('after an append was sent');
  }

  readHead(): void {
    this.#readHead(1);
  }

  committed(committed: Committed<Event, Out>): void {
    this.#listener.onCommitted(committed, true);
    this.#rearm();
  }

  steppedDown(reason: string): void {
    this.#cancelTimer();
    this.#timerAt = null;
    this.#listener.onStepDown(reason);
  }

  #load(stored: StoredCommit): void {
    const commit = this.#writer.load(stored.text, stored.streamRevision);
    const { shard, term, revision, hash, text, streamRevision } = stored;
    const encoded = { shard, term, revision, prevHash: commit.prevHash, hash, text };
    this.#listener.onCommitted({ commit, encoded, streamRevision, effects: [] }, false);
  }

  /**
   * Whether the log is still this writer's. A writer whose lease is in doubt may have been overtaken without knowing; an
   * answer that appends nothing would tell what was true once.
   */
  #confirm(told: (isOurs: boolean) => void): void {
    const { process, journal, client } = this.#world;
    journal.read(
      client,
      () => journal.head(this.shard)?.term,
      process.guarded((term) => told(term === this.#writer.term)),
      process.guarded(() => told(false)),
    );
  }

  #readHead(attempt: number): void {
    const { process, journal, client } = this.#world;
    journal.read(
      client,
      () => journal.head(this.shard),
      process.guarded((stored) => this.#writer.headRead(stored)),
      process.guarded(() => {
        if (attempt < HEAD_READ_ATTEMPTS_MAX) process.after(HEAD_READ_PAUSE_MS, () => this.#readHead(attempt + 1));
        else this.#writer.headUnreadable('the journal does not answer');
      }),
    );
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    this.#world.process.after(0, () => {
      this.#flushScheduled = false;
      this.#writer.flush();
    });
  }

  #rearm(): void {
    const deadline = this.#writer.nextDeadline;
    if (deadline === this.#timerAt) return;
    this.#cancelTimer();
    this.#timerAt = deadline;
    if (deadline !== null) this.#waitFor(deadline);
  }

  #waitFor(deadline: number): void {
    const delay = Math.max(deadline - this.#now(), ELAPSE_PAUSE_MS_MIN);
    this.#cancelTimer = this.#world.process.after(Math.min(delay, CLOCK_CHECK_INTERVAL_MS_MAX), () => {
      if (this.#now() < deadline) this.#waitFor(deadline);
      else this.#elapse();
    });
  }

  /** Before the log is read nothing is timed. */
  #now(): number {
    return this.#clock?.now() ?? 0;
  }

  #elapse(): void {
    this.#timerAt = null;
    const at = this.#now();
    const commandId = this.#world.freshId();
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
      () => this.#rearm(),
    );
    this.#scheduleFlush();
  }
}
