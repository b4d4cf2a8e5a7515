import { backoffMs, CommitRefused, decodeCommit, upcastCommit } from '#libs/kernel';
import type { AnyShardKind, Commit, DomainEvent, Policy, ShardCommand } from '#libs/kernel';
import type { CommitHandlers, StoredCommit } from '#libs/event-store';
import type { Cancel, Clock, Cursors, Journal, Notes } from './ports.ts';
import type { ShardHost } from './shard-host.ts';

/** A command that got no certain answer is sent again after this pause, doubling up to the maximum. */
const RETRY_PAUSE_MS_MIN = 100;
const RETRY_PAUSE_MS_MAX = 5_000;
/** How many commits may pass before the position is made durable, even if none of them concerned the policy. */
const COMMITS_PER_CURSOR_MAX = 256;

export interface PolicyRunnerOptions {
  readonly policies: readonly Policy[];
  /** Whose log a shard is; it knows what its events are. */
  readonly kindOf: (shard: string) => AnyShardKind | undefined;
  readonly journal: Journal;
  readonly cursors: Cursors;
  readonly shards: ShardHost;
  readonly clock: Clock;
  readonly notes: Notes;
}

/**
 * Runs the policies while this process leads. Each follows the log from its own durable position; the id of a command is
 * (policy, shard, revision, index), so that a commit that is read twice has the effect of one.
 */
export class PolicyRunner {
  readonly #options: PolicyRunnerOptions;
  #running: readonly PolicyRun[] = [];

  constructor(options: PolicyRunnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#options.policies.map((policy) => new PolicyRun(policy, this.#options));
    for (const run of this.#running) run.start();
  }

  stop(): void {
    for (const run of this.#running) run.stop();
    this.#running = [];
  }
}

interface Derived {
  readonly id: string;
  readonly at: ShardCommand;
  readonly causationId: string;
  readonly correlationId: string;
}

/** One policy at work: commits wait in order, the commands of one are settled before the next one is looked at. */
class PolicyRun {
  readonly #policy: Policy;
  readonly #options: PolicyRunnerOptions;
  readonly #reads: ReadonlySet<string>;
  readonly #queue: StoredCommit[] = [];
  #position = 0;
  #saved = 0;
  #passed = 0;
  #isBusy = false;
  #isStopped = false;
  #unfollow: Cancel = () => {};

  constructor(policy: Policy, options: PolicyRunnerOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#reads = new Set(policy.reads);
  }

  start(): void {
    this.#options.cursors.read(
      this.#policy.name,
      (position) => {
        this.#position = position;
        this.#saved = position;
        this.#follow();
      },
      (error) => this.#again(error, () => this.start()),
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#unfollow();
  }

  #follow(): void {
    if (this.#isStopped) return;
    const handlers: CommitHandlers = {
      onCommits: (commits) => {
        this.#queue.push(...commits);
        this.#work();
      },
      onCaughtUp: () => {},
      onFailed: (error) =>
        this.#again(error, () => {
          this.#queue.length = 0;
          this.#follow();
        }),
    };
    this.#unfollow = this.#options.journal.follow(this.#position, handlers);
  }

  #work(): void {
    if (this.#isBusy || this.#isStopped) return;
    const stored = this.#queue.shift();
    if (stored === undefined) return;
    if (stored.streamRevision <= this.#position) return this.#work();
    const commands = this.#commandsOf(stored);
    if (commands === null) return;
    this.#isBusy = true;
    this.#send(commands, 0, 1, () => {
      this.#position = stored.streamRevision;
      this.#passed += 1;
      if (commands.length === 0 && this.#passed < COMMITS_PER_CURSOR_MAX) this.#settled();
      else this.#save();
    });
  }

  /** Null: the log belongs to a newer version, and the policy stops before it would miss a fact. */
  #commandsOf(stored: StoredCommit): readonly Derived[] | null {
    try {
      return this.#derive(this.#read(stored));
    } catch (error) {
      if (!(error instanceof CommitRefused)) throw error;
      const facts = { policy: this.#policy.name, error: error.message };
      this.#options.notes.note('fatal', facts, 'a policy has stopped at a commit that it cannot read');
      this.stop();
      return null;
    }
  }

  #read({ shard, text }: StoredCommit): Commit<DomainEvent> {
    const commit = decodeCommit(text);
    const kind = this.#options.kindOf(shard);
    return kind === undefined ? commit : upcastCommit(commit, kind.decider.events);
  }

  #derive({ shard, revision, decisions }: Commit<DomainEvent>): readonly Derived[] {
    const { name } = this.#policy;
    const derived: Derived[] = [];
    for (const { commandId, correlationId, at, events } of decisions) {
      for (const event of events) {
        if (!this.#reads.has(event.type)) continue;
        for (const command of this.#policy.react(event, shard, at)) {
          const id = `${name}:${shard}:${revision}:${derived.length}`;
          derived.push({ id, at: command, causationId: commandId, correlationId });
        }
      }
    }
    return derived;
  }

  /** A rejection is an answer: the fact stands, and there is nothing to do about it. Anything uncertain is sent again. */
  #send(commands: readonly Derived[], index: number, attempt: number, done: () => void): void {
    const next = commands[index];
    if (this.#isStopped) return;
    if (next === undefined) return done();
    const { shard, command, clientToken } = next.at;
    this.#options.shards.submit(
      shard,
      {
        commandId: next.id,
        command,
        principal: `system:policy:${this.#policy.name}`,
        source: 'writer',
        correlationId: next.correlationId,
        causationId: next.causationId,
        ...(clientToken === undefined ? {} : { clientToken }),
      },
      (answer) => {
        if (answer.kind === 'accepted' || answer.kind === 'rejected') {
          return this.#send(commands, index + 1, 1, done);
        }
        const { notes, clock } = this.#options;
        notes.note(
          'warn',
          { policy: this.#policy.name, command: next.id, answer },
          'a command of a policy is sent again',
        );
        const pauseMs = backoffMs(attempt, RETRY_PAUSE_MS_MIN, RETRY_PAUSE_MS_MAX);
        clock.after(pauseMs, () => this.#send(commands, index, attempt + 1, done));
      },
    );
  }

  #save(): void {
    const position = this.#position;
    this.#options.cursors.write(
      this.#policy.name,
      position,
      () => {
        this.#saved = Math.max(this.#saved, position);
        this.#passed = 0;
        this.#settled();
      },
      (error) => this.#again(error, () => this.#save()),
    );
  }

  #settled(): void {
    this.#isBusy = false;
    this.#work();
  }

  #again(error: Error, act: () => void): void {
    if (this.#isStopped) return;
    const { notes, clock } = this.#options;
    notes.note('warn', { policy: this.#policy.name, error: error.message }, 'a policy waits for the journal');
    clock.after(RETRY_PAUSE_MS_MIN, () => {
      if (!this.#isStopped) act();
    });
  }
}
