import { assert } from '../assert.ts';
import { encodeCommit, encodedAs } from '../commit.ts';
import type { ChainHead, Commit, Sha256 } from '../commit.ts';
import { nextDeadlineOf } from '../decider.ts';
import type { CommandEnvelope, Decider, DomainCommand, Effect } from '../decider.ts';
import type { DomainEvent } from '../event.ts';
import { utf8Length } from '../encoded-size.ts';
import { ShardFold } from '../shard-fold.ts';
import { Batch } from './batch.ts';
import { CommandQueue } from './command-queue.ts';
import type { Submission } from './command-queue.ts';
import type { BatchOutcome, InFlight } from './batch.ts';
import { callKey, termDecision } from './decision-identity.ts';
import { FollowUps } from './follow-ups.ts';
import { RecentAnswers } from './recent-answers.ts';
import { acceptedOnce, rejectedOnce } from './replies.ts';
import { RestRequests } from './rest.ts';
import type { Rest } from './rest.ts';
import { DeciderStumbled, decideWhole } from './whole-decision.ts';
import type { Outcome, RecordedText } from './whole-decision.ts';
import type { AppendResult, CommandAnswer, WriterPort } from './writer-port.ts';

/** How often the same bytes are sent again after an unknown outcome before the writer gives the shard up. */
export const APPEND_ATTEMPTS_MAX = 5;

type Phase = 'loading' | 'leading' | 'resolving' | 'stopped';

/**
 * The one writer of a shard, without any I/O: commands and results go in, appends, answers and effects come out. Decides
 * against its own state while the commit before is being synced, so that all decisions of that time are one commit.
 * The log decides who writes: every append carries the expected revision, and a writer that finds a foreign commit stops.
 */
export class ShardWriter<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> {
  readonly shard: string;
  readonly #decider: Decider<State, Command, Event, Rejection, Out>;
  readonly #port: WriterPort<Event, Out>;
  readonly #sha256: Sha256;
  readonly #fold: ShardFold<State, Event>;
  readonly #recent = new RecentAnswers();
  readonly #queue = new CommandQueue<Command, Rejection>();
  /** What follows from decisions that were full. Comes before every other command. */
  readonly #followUps: FollowUps<State, Command, Event, Rejection, Out>;
  /** Repeats of commands that are decided but not durable yet wait with the first. */
  readonly #undecided = new Map<string, Batch<Event, Out>>();
  readonly #restRequests = new RestRequests<State>();
  #phase: Phase = 'loading';
  #head: ChainHead;
  #streamRevision: number | null = null;
  #term = 0;
  /** Time of the latest decision, durable or not. */
  #at = 0;
  /** Decided and not yet sent, oldest first; only the last one still takes decisions. */
  readonly #waiting: Batch<Event, Out>[] = [];
  #inFlight: InFlight<Event, Out> | null = null;
  /** Set when a command broke an invariant: the state cannot be trusted any more. */
  #poisoned: string | null = null;

  constructor(
    shard: string,
    decider: Decider<State, Command, Event, Rejection, Out>,
    port: WriterPort<Event, Out>,
    sha256: Sha256,
  ) {
    this.shard = shard;
    this.#decider = decider;
    this.#port = port;
    this.#sha256 = sha256;
    this.#fold = new ShardFold(shard, decider, sha256);
    this.#followUps = new FollowUps(decider, this.#fold.state);
    this.#head = this.#fold.head;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get term(): number {
    return this.#term;
  }

  /** The durable head. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Commands that wait to be decided. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /** When time alone may change something (ms), or null. Meaningful while leading. */
  get nextDeadline(): number | null {
    return this.#phase === 'leading' ? nextDeadlineOf(this.#decider, this.#fold.state) : null;
  }

  /** Folds one recorded commit. Before `start` only. @throws CommitRefused */
  load(text: string, streamRevision: number): Commit<Event> {
    assert(this.#phase === 'loading', 'a writer loads before it starts');
    const commit = this.#fold.apply(text);
    for (const decision of commit.decisions) {
      this.#recent.remember(
        callKey(decision, decision.command),
        decision.answer ?? this.#decider.answer(decision.command, decision.events),
      );
    }
    this.#head = this.#fold.head;
    this.#streamRevision = streamRevision;
    return commit;
  }

  /** Opens a new term. The first commit says so; until it is durable commands wait. */
  start(now: number, holder: string): void {
    assert(this.#phase === 'loading', 'a writer starts once');
    this.#phase = 'leading';
    this.#term = this.#head.term + 1;
    this.#at = Math.max(now, this.#head.at);
    const event = this.#decider.termStarted(this.#term);
    this.#decider.evolve(this.#fold.state, event, this.#at);
    const decision = termDecision(this.shard, this.#term, holder, this.#at, event);
    const text = JSON.stringify(decision);
    this.#record({ decision, text, bytes: utf8Length(text) }, []);
    this.flush();
  }

  /** Takes a command. Decided at once when there is room; call `flush` when the burst is over. */
  submit(envelope: CommandEnvelope<Command>, reply: (answer: CommandAnswer<Rejection>) => void): void {
    if (this.#phase === 'stopped' || this.#phase === 'loading') {
      reply({ kind: 'unavailable', reason: `the writer of ${this.shard} is ${this.#phase}` });
      return;
    }
    if (this.#mayDecide() && this.#queue.length === 0 && !this.#followUps.isWaiting) {
      this.#decide({ envelope, reply });
      if (this.#followUps.isWaiting) this.#drainQueue();
    } else if (!this.#queue.add({ envelope, reply })) {
      reply({ kind: 'throttled', reason: `${this.#queue.length} commands wait for ${this.shard} already` });
    }
  }

  /**
   * Reads the state as it is now and hands the value over once everything it rests on is durable. The value must be a
   * copy: the state goes on changing.
   */
  inspect<Value>(read: (state: State) => Value, reply: (value: Value | null) => void): void {
    if (this.#phase === 'stopped' || this.#phase === 'loading' || this.#poisoned !== null) {
      reply(null);
      return;
    }
    const value = read(this.#fold.state);
    this.#whenDurable((outcome) => reply(outcome.kind === 'durable' ? value : null));
  }

  /** Calls back when nothing is speculative: state and durable head belong together. Not called by a writer that stops. */
  atRest(callback: (state: State, head: ChainHead) => void): void {
    this.holdAtRest((rest) => {
      if (rest === null) return;
      callback(rest.state, rest.head);
      rest.resume();
    });
  }

  /** Calls back when nothing is speculative; null: the writer has stopped. Commands wait until `resume` is called. */
  holdAtRest(callback: (rest: Rest<State> | null) => void): void {
    if (this.#phase === 'stopped' || this.#phase === 'loading') return callback(null);
    this.#restRequests.add(callback);
    this.#rest();
  }

  /** Sends what is decided, if nothing is in flight. */
  flush(): void {
    if (this.#phase !== 'leading' || this.#inFlight !== null) return;
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    const header = {
      shard: this.shard,
      term: this.#term,
      revision: this.#head.revision + 1,
      prevHash: this.#head.hash,
      at: batch.decisions.at(-1)?.at ?? this.#at,
      deciderVersion: this.#decider.version,
    };
    const encoded = encodeCommit(header, batch.decisionTexts, this.#sha256);
    const head = { revision: header.revision, hash: encoded.hash, term: this.#term, at: header.at };
    this.#inFlight = { batch, encoded, head, attempts: 1 };
    this.#port.append(encoded, this.#streamRevision);
  }

  /** The append ended. */
  appendDone(result: AppendResult): void {
    const inFlight = this.#inFlight;
    if (inFlight === null || this.#phase === 'stopped') return;
    switch (result.kind) {
      case 'appended':
        this.#durable(inFlight, result.streamRevision);
        return;
      case 'conflict':
        this.#stop(`another writer has written to ${this.shard}`, 'lost');
        return;
      case 'refused':
        this.#stop(`the log refused a commit of ${this.shard}: ${result.reason}`, 'lost');
        return;
      case 'unknown':
        // Never retried blindly and never assumed: the leader's last message says what happened.
        this.#phase = 'resolving';
        this.#port.readHead();
    }
  }

  /** The leader's last commit of this shard, asked for by `readHead`. */
  headRead(stored: { readonly hash: string; readonly revision: number; readonly streamRevision: number } | null): void {
    const inFlight = this.#inFlight;
    if (inFlight === null || this.#phase !== 'resolving') return;
    if (stored !== null && stored.hash === inFlight.encoded.hash) {
      this.#phase = 'leading';
      this.#durable(inFlight, stored.streamRevision);
    } else if (
      (stored?.revision ?? 0) === this.#head.revision &&
      (stored === null || stored.hash === this.#head.hash)
    ) {
      if (inFlight.attempts >= APPEND_ATTEMPTS_MAX) {
        this.#stop(`no append to ${this.shard} succeeded in ${APPEND_ATTEMPTS_MAX} attempts`, 'indeterminate');
        return;
      }
      inFlight.attempts += 1;
      this.#phase = 'leading';
      this.#port.append(inFlight.encoded, this.#streamRevision);
    } else {
      // A foreign commit sits at our place, or above one that may be ours.
      const ours = stored !== null && stored.revision > inFlight.encoded.revision ? 'indeterminate' : 'lost';
      this.#stop(`another writer has written to ${this.shard}`, ours);
    }
  }

  /** The leader could not be asked, for good. */
  headUnreadable(reason: string): void {
    if (this.#phase === 'resolving') this.#stop(`the outcome of an append stays unknown: ${reason}`, 'indeterminate');
  }

  /** Stops at once: the lease is gone or the process ends. A commit in flight may still become durable. */
  stop(reason: string): void {
    if (this.#phase !== 'stopped') this.#stop(reason, this.#inFlight === null ? 'lost' : 'indeterminate');
  }

  #mayDecide(): boolean {
    return (
      this.#poisoned === null &&
      !this.#restRequests.isInTheWay &&
      this.#head.term === this.#term &&
      (this.#waiting.length === 0 || (this.#waiting.length === 1 && this.#waiting[0]?.isFull === false))
    );
  }

  #decide({ envelope, reply }: Submission<Command, Rejection>): void {
    const { commandId, command } = envelope;
    const key = callKey(envelope, command.type);
    const known = this.#recent.get(key);
    if (known !== undefined) {
      const batch = this.#undecided.get(key);
      const release = acceptedOnce(reply, known.answer);
      if (batch === undefined) release({ kind: 'durable', revision: this.#head.revision });
      else batch.hold(release);
      return;
    }
    const at = Math.max(envelope.at, this.#at);
    let decision;
    try {
      decision = decideWhole(this.#decider, this.#fold.state, envelope, at);
      if (decision.kind === 'rejected') {
        this.#whenDurable(rejectedOnce(reply, decision.rejection));
        return;
      }
      const { answer } = decision;
      if (decision.rest !== null) this.#followUps.add(envelope, decision.rest);
      const batch = this.#recordOutcome(decision);
      if (batch === null) {
        this.#whenDurable(acceptedOnce(reply, answer));
        return;
      }
      this.#recent.remember(key, answer);
      this.#undecided.set(key, batch);
      batch.hold(acceptedOnce(reply, answer));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reply({ kind: 'failed', reason });
      if (error instanceof DeciderStumbled) return;
      this.#poison(`${command.type} ${commandId}: ${reason}`);
    }
  }

  /** Goes on with a decision that was full. Its caller has the answer with the first part. */
  #followUp(): void {
    try {
      this.#recordOutcome(this.#followUps.decideNext(this.#at));
    } catch (error) {
      this.#poison(error instanceof Error ? error.message : String(error));
    }
  }

  #recordOutcome({ recorded, effects }: Outcome<Command, Event, Out>): Batch<Event, Out> | null {
    if (recorded === null) return null;
    this.#at = recorded.decision.at;
    return this.#record(recorded, effects);
  }

  #record({ decision, text, bytes }: RecordedText<Event>, effects: readonly Out[]): Batch<Event, Out> {
    let batch = this.#waiting.at(-1);
    if (batch === undefined || batch.wouldOverflow(decision.events.length, bytes)) {
      batch = new Batch();
      this.#waiting.push(batch);
    }
    batch.add(decision, text, bytes, effects);
    return batch;
  }

  /** Answers now if nothing is speculative, otherwise with the newest batch: a "no" may rest on what is not durable yet. */
  #whenDurable(release: (outcome: BatchOutcome) => void): void {
    const batch = this.#waiting.at(-1) ?? this.#inFlight?.batch;
    if (batch === undefined) release({ kind: 'durable', revision: this.#head.revision });
    else batch.hold(release);
  }

  #durable(inFlight: InFlight<Event, Out>, streamRevision: number): void {
    const { batch, encoded, head } = inFlight;
    this.#inFlight = null;
    this.#head = head;
    this.#streamRevision = streamRevision;
    for (const decision of batch.decisions) this.#undecided.delete(callKey(decision, decision.command));
    const { revision } = encoded;
    const commit = encodedAs(encoded, head.at, this.#decider.version, batch.decisions);
    this.#port.committed({ commit, encoded, streamRevision, effects: batch.effects });
    // What was decided meanwhile leaves before the responses are worked out: the log syncs it while they are.
    if (this.#poisoned === null) this.flush();
    batch.release({ kind: 'durable', revision });
    if (this.#poisoned !== null) {
      this.#stop(this.#poisoned, 'lost');
      return;
    }
    this.#drainQueue();
    this.flush();
    this.#rest();
  }

  #drainQueue(): void {
    while (this.#mayDecide()) {
      if (this.#followUps.isWaiting) {
        this.#followUp();
        continue;
      }
      const submission = this.#queue.take();
      if (submission === undefined) return;
      this.#decide(submission);
    }
  }

  #rest(): void {
    if (!this.#restRequests.isWanted || this.#inFlight !== null || this.#phase !== 'leading') return;
    if (this.#waiting.length > 0) {
      this.flush();
      return;
    }
    this.#restRequests.grant(this.#fold.state, this.#head, () => {
      if (this.#phase === 'stopped') return;
      this.#drainQueue();
      this.flush();
    });
  }

  /** The state may be half changed: finish what is in flight, write nothing more, reopen from the log. */
  #poison(reason: string): void {
    this.#poisoned = reason;
    if (this.#inFlight === null) this.#stop(reason, 'lost');
  }

  #stop(reason: string, inFlightOutcome: 'lost' | 'indeterminate'): void {
    this.#phase = 'stopped';
    this.#inFlight?.batch.release({ kind: inFlightOutcome, reason });
    this.#inFlight = null;
    for (const batch of this.#waiting.splice(0)) batch.release({ kind: 'lost', reason });
    for (let left = this.#queue.take(); left !== undefined; left = this.#queue.take()) {
      left.reply({ kind: 'unavailable', reason });
    }
    this.#restRequests.drop();
    this.#port.steppedDown(reason);
  }
}
