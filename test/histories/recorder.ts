import { ShardWriter } from '#libs/kernel';
import type {
  CommandEnvelope,
  Committed,
  CommandAnswer,
  Decider,
  DomainCommand,
  DomainEvent,
  Effect,
  EncodedCommit,
  WriterPort,
} from '#libs/kernel';
import { sha256 } from '#libs/platform';

/** 2026-01-01T00:00:00Z: histories are recorded in a time of their own. */
const RECORDED_AT_MS = 1_767_225_600_000;
const PRINCIPAL = 'arn:aws:iam::123456789012:root';

/**
 * Records a shard's log as a writer makes it, commit by commit, with command ids and times of its own: recorded again,
 * it is the same to the byte as long as the rules are the same.
 */
export class ShardRecorder<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> implements WriterPort<Event, Out> {
  /** The log: one commit text a line. */
  readonly lines: string[] = [];
  /** Commits at which a reader looks. */
  readonly moments: number[] = [];
  /** ms since the epoch. */
  at = RECORDED_AT_MS;
  readonly #shard: string;
  readonly #decider: Decider<State, Command, Event, Rejection, Out>;
  #writer: ShardWriter<State, Command, Event, Rejection, Out>;
  #commands = 0;

  constructor(shard: string, decider: Decider<State, Command, Event, Rejection, Out>) {
    this.#shard = shard;
    this.#decider = decider;
    this.#writer = this.#open();
  }

  /** The writer's state; read it only. */
  get state(): State {
    const read: { state?: State } = {};
    this.#writer.atRest((state) => (read.state = state));
    if (read.state === undefined) throw new Error(`the writer of ${this.#shard} is not at rest`);
    return read.state;
  }

  /** A reader looks at what there is now. */
  look(): void {
    this.moments.push(this.lines.length);
  }

  /** Another writer takes over: a new term, opened from the log. */
  reopen(): void {
    this.#writer.stop('a new writer takes over');
    this.#writer = this.#open();
  }

  /** Commands that arrive together and are recorded in one commit. @throws when one of them is not accepted */
  submit(...commands: Command[]): void {
    this.#send('aws', commands);
  }

  /** What hosts say. */
  report(...commands: Command[]): void {
    this.#send('agent', commands);
  }

  /** Lets time pass, with everything that becomes due. */
  wait(seconds: number): void {
    const until = this.at + seconds * 1_000;
    for (;;) {
      const deadline = this.#writer.nextDeadline;
      if (deadline === null || deadline > until) break;
      this.at = Math.max(this.at, deadline);
      const before = this.lines.length;
      this.#send('clock', [this.#decider.elapse(this.at)]);
      if (this.lines.length === before) throw new Error(`nothing happened at the deadline ${deadline}`);
    }
    this.at = until;
  }

  append(commit: EncodedCommit): void {
    this.lines.push(commit.text);
    this.#writer.appendDone({ kind: 'appended', streamRevision: this.lines.length });
  }

  readHead(): void {
    throw new Error('no append of a recorder has an unknown outcome');
  }

  /** Nobody listens: what hosts do is found in the state. */
  committed(_committed: Committed<Event, Out>): void {}

  steppedDown(_reason: string): void {}

  #open(): ShardWriter<State, Command, Event, Rejection, Out> {
    const writer = new ShardWriter(this.#shard, this.#decider, this, sha256);
    this.lines.forEach((line, i) => writer.load(line, i + 1));
    // The port's `append` answers at once and must find this writer.
    this.#writer = writer;
    writer.start(this.at, 'recorder');
    return writer;
  }

  #send(source: 'aws' | 'agent' | 'clock', commands: readonly Command[]): void {
    const answers: CommandAnswer<Rejection>[] = [];
    for (const command of commands) this.#writer.submit(this.#envelope(source, command), (a) => answers.push(a));
    this.#writer.flush();
    const fault = answers.find(({ kind }) => kind !== 'accepted');
    if (fault !== undefined || answers.length < commands.length) {
      throw new Error(`${commands.map(({ type }) => type).join(', ')}: ${JSON.stringify(fault ?? 'no answer')}`);
    }
  }

  #envelope(source: 'aws' | 'agent' | 'clock', command: Command): CommandEnvelope<Command> {
    this.#commands += 1;
    const commandId = `${this.#shard}-${this.#commands}`;
    const clientToken =
      'clientToken' in command && typeof command.clientToken === 'string' ? command.clientToken : undefined;
    return {
      commandId,
      command,
      principal: source === 'aws' ? PRINCIPAL : `system:${source}`,
      source,
      correlationId: `request-${this.#commands}`,
      causationId: source === 'aws' ? `request-${this.#commands}` : null,
      ...(clientToken !== undefined && { clientToken }),
      at: this.at,
    };
  }
}
