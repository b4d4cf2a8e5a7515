import type { AccountEvent, ClusterEffect, ClusterEvent, Rejection, TasksAnswer } from '#libs/contracts';
import type { AccountDecider, ClusterDecider, ClusterState } from '#libs/ecs';
import type { StoredCommit } from '#libs/event-store';
import { canonicalJson, CommitRefused, decodeCommit, GENESIS_HEAD, verifyLink } from '#libs/kernel';
import type { ChainHead, CommandAnswer, Commit, Committed, DomainEvent, Effect } from '#libs/kernel';
import type { CallerRequest } from '../control-plane/sim-gateway.ts';
import type { ControlPlaneObserver, ShardCommand } from '../control-plane/sim-control-plane.ts';
import type { Oracle, OracleListener, TrueContainer } from '../host/oracle.ts';
import type { AgentObserver, SimHost } from '../host/sim-host.ts';
import { ACCOUNT_SHARD, CLUSTER_SHARD } from '../world/names.ts';
import { sha256 } from '../world/sha256.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import type { Trace } from '../world/trace.ts';
import { checkAfter, checkBefore } from './log-checks.ts';
import { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

/** A start that was under way when its agent was told to stop everything may still land within this time. */
const START_IN_FLIGHT_MS = 10_000;

interface Recorded {
  readonly revision: number;
  /** Undefined for a commit that no writer of this world sent. */
  readonly writerId: string | undefined;
}

export interface AuditorOptions {
  readonly journal: SimJournal;
  readonly oracle: Oracle;
  readonly trace: Trace;
  readonly now: () => number;
  readonly report: ReportViolation;
  /** Processes may be wrong about their leases: then nothing but the log itself could tell them that they are overtaken. */
  readonly leasesMayLie: boolean;
  /** A container has begun to run. */
  readonly onStarted: (container: TrueContainer) => void;
  readonly deciders: { readonly account: AccountDecider; readonly cluster: ClusterDecider };
}

/**
 * Watches a world from outside and knows more than any part of it: every durable commit, every answer, the true
 * containers. Checks after each of them what can be checked there.
 */
export class Auditor implements ControlPlaneObserver, AgentObserver, OracleListener {
  readonly model = new LogModel();
  /** The product's fold of the cluster's log, one commit at a time; every link was verified before. */
  readonly folded: ClusterState;
  readonly #options: AuditorOptions;
  readonly #heads = new Map<string, ChainHead>();
  /** Where each command was recorded. */
  readonly #recorded = new Map<string, Recorded>();
  readonly #termHolders = new Map<string, string>();
  /** The newest commit of each shard that the world was told about. */
  readonly #told = new Map<string, { readonly revision: number; readonly hash: string }>();
  /** Which writer sent which commit. */
  readonly #writers = new Map<string, string>();
  /** How often each writer was given each command, as `<writer>/<command>`. */
  readonly #submissions = new Map<string, number>();
  /** Commands that a writer called certainly not stored, as `<writer>/<command>`. */
  readonly #toldLost = new Set<string>();
  readonly #tokens = new Map<string, string>();
  readonly #accepted = new Map<string, string>();
  readonly #registered = new Set<string>();
  /** Every task id that the log ever made. */
  readonly #everTasks = new Set<string>();
  readonly #toldInactive = new Map<string, number>();
  #events = 0;

  constructor(options: AuditorOptions) {
    this.#options = options;
    this.folded = options.deciders.cluster.initialState(CLUSTER_SHARD);
    options.oracle.listen(this);
    options.journal.onDurable = (stored) => this.#durable(stored);
  }

  get events(): number {
    return this.#events;
  }

  headOf(shard: string): ChainHead {
    return this.#heads.get(shard) ?? GENESIS_HEAD;
  }

  /** S2, first half: nobody is told of a commit that is not durable. */
  committed({ encoded }: Committed<DomainEvent, Effect> | Committed<ClusterEvent, ClusterEffect>): void {
    const { shard, revision, hash, term } = encoded;
    const stored = this.#told.get(shard);
    if (!this.#options.journal.holds(shard, revision, hash)) {
      this.#report('S2', `the writer of term ${term} tells of commit ${revision} of ${shard}, which is not durable`);
    }
    if (stored === undefined || stored.revision < revision) this.#told.set(shard, { revision, hash });
  }

  /** S2, second half: after a crash everything that was told is still there. */
  afterJournalCrash(): void {
    for (const [shard, { revision, hash }] of this.#told) {
      if (this.#options.journal.holds(shard, revision, hash)) continue;
      this.#report('S2', `commit ${revision} of ${shard} was told and is gone after a crash`);
    }
  }

  appended(writerId: string, hash: string): void {
    this.#writers.set(hash, writerId);
  }

  submitted({ envelope: { commandId } }: ShardCommand, writerId: string): void {
    const key = `${writerId}/${commandId}`;
    this.#submissions.set(key, (this.#submissions.get(key) ?? 0) + 1);
  }

  /** S21: an answer is of a moment between the question and itself. */
  answeredAsOf(command: ShardCommand, revision: number, revisionAsked: number): void {
    const { commandId, command: asked } = command.envelope;
    // A command that was recorded before is told what was told then.
    if (revision >= revisionAsked || this.#recorded.has(commandId) || this.#options.leasesMayLie) return;
    this.#report(
      'S21',
      `${asked.type} is answered as of revision ${revision}; the log was at ${revisionAsked} when it came`,
    );
  }

  answered(
    { shard, envelope: { command, commandId } }: ShardCommand,
    answer: CommandAnswer<Rejection>,
    writerId: string,
  ): void {
    const name = shard === 'account' ? ACCOUNT_SHARD : CLUSTER_SHARD;
    const key = `${writerId}/${commandId}`;
    // A command that comes twice is answered twice: "not stored" is then said of the second one alone.
    if (answer.kind === 'unavailable' && this.#submissions.get(key) === 1) {
      if (this.#recorded.get(commandId)?.writerId === writerId) this.#storedAfterAll(commandId, writerId);
      this.#toldLost.add(key);
    }
    if (answer.kind !== 'accepted') return;
    const head = this.headOf(name);
    if (answer.revision > head.revision) {
      this.#report(
        'S2',
        `${command.type} is answered at revision ${answer.revision}, the log ends at ${head.revision}`,
      );
    }
    if (command.type === 'RunTask' || command.type === 'StartTask') {
      const { taskIds } = answer.answer as TasksAnswer;
      const unknown = taskIds.find((taskId) => !this.#everTasks.has(taskId));
      if (unknown !== undefined) this.#report('S2', `task ${unknown} is answered and not in the log`);
    }
    if (command.type === 'RegisterTaskDefinition') {
      const { family, revision } = answer.answer as { family: string; revision: number };
      if (!this.#registered.has(`${family}:${revision}`)) {
        this.#report('S2', `task definition ${family}:${revision} is answered and not in the log`);
      }
    }
  }

  /** S13 as a caller sees it: asked again, told the same. */
  callerHeard({ commandId, command }: CallerRequest, answer: CommandAnswer<Rejection>): void {
    if (answer.kind !== 'accepted') return;
    const text = canonicalJson(answer.answer);
    const token = 'clientToken' in command && typeof command.clientToken === 'string' ? command.clientToken : undefined;
    for (const key of [commandId, ...(token === undefined ? [] : [`${command.type}/${token}`])]) {
      const before = this.#accepted.get(key);
      if (before !== undefined && before !== text) {
        this.#report('S13', `${command.type} ${key} was answered ${before} and is now answered ${text}`);
      }
      this.#accepted.set(key, text);
    }
  }

  defect(what: string): void {
    this.#report('DEFECT', what);
  }

  actedOnOldTerm(host: SimHost, what: string): void {
    this.#report('S3', `${host.name}: ${what}`);
  }

  toldInactive(host: SimHost): void {
    if (!this.#toldInactive.has(host.instanceId)) this.#toldInactive.set(host.instanceId, this.#options.now());
  }

  created(container: TrueContainer): void {
    const { oracle } = this.#options;
    const other = oracle.ofTask(container.taskId).find(({ host }) => host !== container.host);
    if (other !== undefined) {
      this.#report('S4', `task ${container.taskId} has containers on ${other.host} and on ${container.host}`);
    }
    if (!this.#everTasks.has(container.taskId)) {
      this.#report('S2', `${container.host} has a container of task ${container.taskId}, which is not in the log`);
    }
  }

  started(container: TrueContainer): void {
    const { host, taskId, containerName } = container;
    this.#options.trace.note(`${host} runs ${containerName} of ${taskId.slice(0, 8)}`);
    this.#options.onStarted(container);
    const task = this.model.tasks.get(taskId);
    if (task?.endedBy === 'agent') {
      this.#report('S6', `${containerName} of task ${taskId} starts on ${host} after its agent has reported its end`);
    }
    const toldAt = this.#toldInactive.get(task?.instanceId ?? '');
    if (toldAt !== undefined && this.#options.now() > toldAt + START_IN_FLIGHT_MS) {
      this.#report('S6', `${containerName} of task ${taskId} starts on ${host}, which knows that it is deregistered`);
    }
  }

  #durable(stored: StoredCommit): void {
    let commit: Commit<DomainEvent>;
    try {
      commit = decodeCommit(stored.text);
      this.#heads.set(stored.shard, verifyLink(this.headOf(stored.shard), commit, stored.text, sha256));
    } catch (error) {
      if (!(error instanceof CommitRefused)) throw error;
      return this.#report('S1', error.message);
    }
    this.#options.trace.note(`commit ${describeCommit(commit)}`);
    for (const decision of commit.decisions) {
      this.#checkCommandId(commit, decision.commandId, this.#writers.get(stored.hash));
      this.#checkTerm(commit, decision.principal, decision.events);
      for (const event of decision.events) {
        this.#events += 1;
        if (commit.shard === ACCOUNT_SHARD) this.#accountEvent(event as AccountEvent);
        else this.#clusterEvent(event as ClusterEvent, decision.at);
      }
    }
  }

  #foldOn(event: ClusterEvent, at: number): void {
    try {
      this.#options.deciders.cluster.evolve(this.folded, event, at);
    } catch (error) {
      this.#report('S16', `a recorded ${event.type} cannot be folded: ${String(error)}`);
    }
  }

  #checkCommandId({ shard, revision }: Commit<DomainEvent>, commandId: string, writerId: string | undefined): void {
    const before = this.#recorded.get(commandId);
    if (before !== undefined) {
      this.#report('S13', `command ${commandId} is recorded in commits ${before.revision} and ${revision} of ${shard}`);
    }
    this.#recorded.set(commandId, { revision, writerId });
    if (writerId !== undefined && this.#toldLost.has(`${writerId}/${commandId}`)) {
      this.#storedAfterAll(commandId, writerId);
    }
  }

  #storedAfterAll(commandId: string, writerId: string): void {
    this.#report('S2', `command ${commandId} was called certainly not stored by the writer ${writerId}, and is stored`);
  }

  #checkTerm({ shard, term, revision }: Commit<DomainEvent>, principal: string, events: readonly DomainEvent[]): void {
    const key = `${shard}/${term}`;
    const opens = events.some(({ type }) => type === 'TermStarted');
    const holder = this.#termHolders.get(key);
    if (opens && holder !== undefined)
      this.#report('S1', `term ${term} of ${shard} is opened by ${holder} and ${principal}`);
    if (!opens && holder === undefined)
      this.#report('S1', `commit ${revision} of ${shard} is of term ${term}, which nobody opened`);
    if (opens) this.#termHolders.set(key, principal);
  }

  #accountEvent(event: AccountEvent): void {
    if (event.type !== 'TaskDefinitionRegistered') return;
    const { family, revision } = event.taskDefinition;
    const name = `${family}:${revision}`;
    if (this.#registered.has(name)) this.#report('S13', `task definition ${name} is registered twice`);
    this.#registered.add(name);
  }

  #clusterEvent(event: ClusterEvent, at: number): void {
    if (event.type === 'TasksRequested') {
      for (const taskId of event.taskIds) this.#everTasks.add(taskId);
      if (event.clientToken !== undefined) this.#checkToken(event.clientToken, event.taskIds);
    }
    checkBefore(this.model, event, at, this.#report);
    this.model.apply(event, at);
    checkAfter(this.model, event, this.#report);
    this.#foldOn(event, at);
  }

  #checkToken(token: string, taskIds: readonly string[]): void {
    const before = this.#tokens.get(token);
    if (before !== undefined) this.#report('S13', `token ${token} made tasks ${before} and ${taskIds.join(' ')}`);
    this.#tokens.set(token, taskIds.join(' '));
  }

  readonly #report: ReportViolation = (invariant, facts) => this.#options.report(invariant, facts);
}

function describeCommit({ shard, revision, term, decisions }: Commit<DomainEvent>): string {
  const what = decisions.map(({ command, events }) => `${command}(${events.map(({ type }) => type).join(' ')})`);
  return `${shard === ACCOUNT_SHARD ? 'account' : 'cluster'} ${revision} of term ${term}: ${what.join(', ')}`;
}
