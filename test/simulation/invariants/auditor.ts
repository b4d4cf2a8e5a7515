import type { CallResult, RuntimeCall } from '#libs/agents/core';
import type { AssignMessage, AgentRefusal, ReportAnswer, ReportRequest } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage, AccountEvent, ClusterEvent } from '#libs/ecs/messages';
import type { ClusterDecider, ClusterState } from '#libs/ecs/deciders';
import type { Response } from '#libs/engine';
import type { StoredCommit } from '#libs/event-store';
import { CommitRefused, decodeCommit, GENESIS_HEAD, verifyLink } from '#libs/kernel';
import type {
  ChainHead,
  CommandAnswer,
  Commit,
  Committed,
  ContextRejection,
  DomainEvent,
  Effect,
  RecordedDecision,
} from '#libs/kernel';
import type { AnswerCircumstances, SubmittedCommand, WriterObserver } from '../control-plane/watched-shell.ts';
import type { Oracle, OracleListener, TrueContainer } from '../host/oracle.ts';
import type { AgentObserver, DrainEnd, ObservedHost } from '../host/agent-observer.ts';
import type { CallerRequest } from '../workload/caller-request.ts';
import { ACCOUNT_SHARD, CLUSTER_SHARD } from '../world/names.ts';
import { sha256 } from '../world/sha256.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import type { Trace } from '../world/trace.ts';
import { AnswerChecks } from './answer-checks.ts';
import { ContainerChecks } from './container-checks.ts';
import { DeploymentChecks } from './deployment-checks.ts';
import { DirectiveChecks } from './directive-checks.ts';
import { DrainChecks } from './drain-checks.ts';
import type { EventCheck } from './event-check.ts';
import { ImageChecks } from './image-checks.ts';
import { checkAfter, checkBefore } from './log-checks.ts';
import { KeptChecks } from './kept-checks.ts';
import { LogModel } from './log-model.ts';
import { NetworkChecks } from './network-checks.ts';
import { PlacementChecks } from './placement-checks.ts';
import { ResponseChecks } from './response-checks.ts';
import { RestartChecks } from './restart-checks.ts';
import { RetentionChecks } from './retention-checks.ts';
import { SecretChecks } from './secret-checks.ts';
import { SessionChecks } from './session-checks.ts';
import { StartDelayChecks } from './start-delay-checks.ts';
import type { ReportViolation } from './violation.ts';

/** A start that was under way when its agent has to stop everything may still land within this time. */
const START_IN_FLIGHT_MS = 10_000;

export interface AuditorOptions {
  readonly journal: SimJournal;
  readonly oracle: Oracle;
  readonly trace: Trace;
  readonly now: () => number;
  readonly report: ReportViolation;
  /** A container has begun to run. */
  readonly onStarted: (container: TrueContainer) => void;
  /** The product's. */
  readonly decider: ClusterDecider;
}

/**
 * Watches a world from outside and knows more than any part of it: every durable commit, every answer, the true
 * containers. Checks after each of them what can be checked there.
 */
export class Auditor implements WriterObserver, AgentObserver, OracleListener {
  readonly model = new LogModel();
  readonly oracle: Oracle;
  /** The product's fold of the cluster's log, one commit at a time; every link was verified before. */
  readonly folded: ClusterState;
  readonly secrets: SecretChecks;
  readonly retention: RetentionChecks;
  readonly sessions: SessionChecks;
  readonly kept: KeptChecks;
  readonly #answers: AnswerChecks;
  readonly #responses: ResponseChecks;
  readonly #containers: ContainerChecks;
  readonly #directives: DirectiveChecks;
  readonly #drains: DrainChecks;
  readonly #images: ImageChecks;
  readonly #networks: NetworkChecks;
  readonly restarts: RestartChecks;
  readonly #checks: readonly EventCheck[];
  readonly #options: AuditorOptions;
  readonly #heads = new Map<string, ChainHead>();
  readonly #termHolders = new Map<string, string>();
  /** The newest commit of each shard that anything outside rests on. */
  readonly #published = new Map<string, { readonly revision: number; readonly hash: string }>();
  /** Which writer sent which commit. */
  readonly #writers = new Map<string, string>();
  readonly #inactiveSince = new Map<string, number>();
  /** Instances that two agents have taken themselves for, and tasks that no request has made. */
  readonly #cloned = new Set<string>();
  readonly #planted = new Set<string>();
  #events = 0;

  constructor(options: AuditorOptions) {
    const { oracle, now } = options;
    this.#options = options;
    this.oracle = oracle;
    this.folded = options.decider.initialState(CLUSTER_SHARD);
    const { model } = this;
    const report = this.#report;
    const { isCloned } = this;
    this.secrets = new SecretChecks(report);
    this.retention = new RetentionChecks(model, report);
    this.kept = new KeptChecks(report);
    this.sessions = new SessionChecks({ model, now, report });
    this.#answers = new AnswerChecks({
      model,
      report,
      headOf: (shard) => this.headOf(shard).revision,
    });
    this.#responses = new ResponseChecks(model, this.#answers, report);
    this.#containers = new ContainerChecks({ model, oracle, now, report, isCloned });
    this.#drains = new DrainChecks(model, report);
    this.#images = new ImageChecks(model, report);
    this.#networks = new NetworkChecks({ model, oracle, report, isCloned });
    this.restarts = new RestartChecks(model, oracle, report);
    this.#directives = new DirectiveChecks({ model, report, head: () => this.headOf(CLUSTER_SHARD) });
    this.#checks = [
      this.#answers,
      {
        before: (event, at) => checkBefore(model, event, at, report),
        after: (event) => checkAfter(model, event, report),
      },
      new PlacementChecks(model, report),
      new DeploymentChecks(model, report),
      new StartDelayChecks(model, report),
      this.#containers,
      this.#images,
      this.#networks,
      this.#directives,
      this.retention,
      this.sessions,
    ];
    oracle.listen(this);
    options.journal.onDurable = (stored) => this.#durable(stored);
  }

  get events(): number {
    return this.#events;
  }

  readonly headOf = (shard: string): ChainHead => this.#heads.get(shard) ?? GENESIS_HEAD;

  readonly isCloned = (instanceId: string): boolean => this.#cloned.has(instanceId);

  /** From now on two agents take themselves for this instance. */
  cloned(instanceId: string): void {
    this.#cloned.add(instanceId);
  }

  /** A container with an agent's labels, of a task that there never was, is put on a host. */
  planted(taskId: string): void {
    this.#planted.add(taskId);
  }

  /** S2, first half: nothing follows from a commit that is not durable. */
  committed({ encoded }: Committed<DomainEvent, Effect>): void {
    const { shard, revision, hash, term } = encoded;
    const stored = this.#published.get(shard);
    if (!this.#options.journal.holds(shard, revision, hash)) {
      this.#report('S2', `the writer of term ${term} publishes commit ${revision} of ${shard}, which is not durable`);
    }
    if (stored === undefined || stored.revision < revision) this.#published.set(shard, { revision, hash });
  }

  /** S2, second half: after a crash everything that was published is still there. */
  afterJournalCrash(): void {
    for (const [shard, { revision, hash }] of this.#published) {
      if (this.#options.journal.holds(shard, revision, hash)) continue;
      this.#report('S2', `commit ${revision} of ${shard} was published and is gone after a crash`);
    }
  }

  appended(writerId: string, hash: string): void {
    this.#writers.set(hash, writerId);
  }

  submitted(command: SubmittedCommand, writerId: string): void {
    this.#answers.submitted(command, writerId);
  }

  answered(
    command: SubmittedCommand,
    answer: CommandAnswer<ContextRejection>,
    circumstances: AnswerCircumstances,
  ): void {
    const { type } = command.request.command;
    if (answer.kind === 'failed') this.defect(`${type}: ${answer.reason}`);
    this.#answers.answered(command, answer, circumstances);
    this.secrets.left(`the answer to ${type}`, answer);
  }

  callerHeard(request: CallerRequest, response: Response): void {
    this.#responses.heard(request, response);
    this.secrets.left(`the response to ${request.operation}`, response);
  }

  defect(what: string): void {
    this.#report('DEFECT', what);
  }

  actedOnOldTerm(host: ObservedHost, what: string): void {
    this.#report('S3', `${host.name}: ${what}`);
  }

  assigned(instanceId: string, message: AssignMessage): void {
    this.#directives.assigned(instanceId, message);
  }

  wantedAnswered(host: ObservedHost, answer: WantedPage | AgentRefusal, term: number): void {
    this.#directives.wantedAnswered(host, answer, term);
  }

  definitionsAnswered(host: ObservedHost, answer: DefinitionsAnswer | AgentRefusal): void {
    this.#directives.definitionsAnswered(host, answer);
  }

  reportArrived(host: ObservedHost, request: ReportRequest): (answer: ReportAnswer | AgentRefusal) => void {
    this.secrets.left(`a report of ${host.name}`, request);
    return this.#directives.reportArrived(host, request.sessionId);
  }

  heartbeatArrived(host: ObservedHost, sessionId: string): void {
    this.sessions.heartbeatArrived(host, sessionId);
  }

  learnsInactive({ instanceId }: ObservedHost): void {
    if (!this.#inactiveSince.has(instanceId)) this.#inactiveSince.set(instanceId, this.#options.now());
  }

  learnsFenced(host: ObservedHost): void {
    this.#directives.learnsFenced(host);
  }

  serves(host: ObservedHost): void {
    this.#directives.serves(host);
  }

  calls(host: ObservedHost, taskId: string, call: RuntimeCall): void {
    this.#directives.calls(host, taskId, call.call);
    const container = 'ref' in call ? this.#find(host, taskId, call.ref) : undefined;
    if (container === undefined) return;
    this.#containers.calls(host, container, call);
    this.#networks.calls(container, call);
    this.restarts.calls(host, container, call);
  }

  called(_host: ObservedHost, taskId: string, call: RuntimeCall, result: CallResult): void {
    this.#containers.called(taskId, call, result);
  }

  drained(host: ObservedHost, end: DrainEnd): void {
    if (!this.isCloned(host.instanceId)) this.#drains.drained(host, end);
  }

  notes(host: ObservedHost, text: string): void {
    this.secrets.line(host.name, text);
  }

  created(container: TrueContainer): void {
    const { host, taskId, instanceId } = container;
    const other = this.oracle.ofTask(taskId).find((one) => one.host !== host);
    if (other !== undefined && !(other.instanceId === instanceId && this.isCloned(instanceId))) {
      this.#report('S4', `task ${taskId} has containers on ${other.host} and on ${host}`);
    }
    if (!this.#answers.knowsTask(taskId) && !this.#planted.has(taskId)) {
      this.#report('S2', `${host} has a container of task ${taskId}, which is not in the log`);
    }
    this.#images.created(container);
  }

  addressed(container: TrueContainer): void {
    this.#networks.addressed(container);
  }

  gone(container: TrueContainer): void {
    this.#networks.gone(container);
  }

  started(container: TrueContainer): void {
    const { host, taskId, containerName, instanceId } = container;
    this.#options.trace.note(`${host} runs ${containerName} of ${taskId.slice(0, 8)}`);
    this.#options.onStarted(container);
    const task = this.model.tasks.get(taskId);
    if (task?.endedBy === 'agent' && !this.isCloned(instanceId)) {
      this.#report('S6', `${containerName} of task ${taskId} starts on ${host} after its agent has reported its end`);
    }
    const toldAt = this.#inactiveSince.get(instanceId);
    if (toldAt !== undefined && this.#options.now() > toldAt + START_IN_FLIGHT_MS && !this.#planted.has(taskId)) {
      this.#report('S6', `${containerName} of task ${taskId} starts on ${host}, which knows that it is deregistered`);
    }
    this.#containers.started(container);
    this.#networks.started(container);
    this.restarts.started(container);
  }

  #find({ engine }: ObservedHost, taskId: string, ref: string): TrueContainer | undefined {
    return this.oracle
      .ofTask(taskId)
      .find(({ runtimeId, containerName }) => runtimeId === ref || engine.runtimeNameOf(taskId, containerName) === ref);
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
    this.secrets.stored(stored);
    for (const decision of commit.decisions) {
      this.#answers.recorded(decision, commit.revision, this.#writers.get(stored.hash));
      this.#checkTerm(commit, decision.principal, decision.events);
      this.#events += decision.events.length;
      if (commit.shard === ACCOUNT_SHARD) this.#accountDecision(decision as RecordedDecision<AccountEvent>);
      if (commit.shard === CLUSTER_SHARD) this.#clusterDecision(decision as RecordedDecision<ClusterEvent>);
    }
  }

  #checkTerm({ shard, term, revision }: Commit<DomainEvent>, principal: string, events: readonly DomainEvent[]): void {
    const key = `${shard}/${term}`;
    const opens = events.some(({ type }) => type === 'TermStarted');
    const holder = this.#termHolders.get(key);
    if (opens && holder !== undefined)
      this.#report('S1', `term ${term} of ${shard} is opened by ${holder} and ${principal}`);
    if (!opens && holder === undefined)
      this.#report('S1', `commit ${revision} of ${shard} is of term ${term}, which no writer opened`);
    if (opens) this.#termHolders.set(key, principal);
  }

  #accountDecision({ events }: RecordedDecision<AccountEvent>): void {
    for (const event of events) {
      if (event.type !== 'TaskDefinitionRegistered') continue;
      const { family, revision } = event.taskDefinition;
      this.#answers.taskDefinitionRegistered(`${family}:${revision}`);
    }
  }

  #clusterDecision(decision: RecordedDecision<ClusterEvent>): void {
    const { events, at } = decision;
    for (const event of events) {
      for (const one of oneByOne(event)) {
        for (const check of this.#checks) check.before?.(one, at);
        this.model.apply(one, at, this.#options.now());
        for (const check of this.#checks) check.after?.(one, at);
      }
      this.#fold(event, at);
    }
    for (const check of this.#checks) check.decided?.(decision);
  }

  #fold(event: ClusterEvent, at: number): void {
    try {
      this.#options.decider.evolve(this.folded, event, at);
    } catch (error) {
      this.#report('S16', `a recorded ${event.type} cannot be folded: ${String(error)}`);
    }
  }

  readonly #report: ReportViolation = (invariant, facts) => this.#options.report(invariant, facts);
}

/** Each placement sees those before it. */
function oneByOne(event: ClusterEvent): readonly ClusterEvent[] {
  return event.type === 'TasksPlaced' ? event.placements.map((one) => ({ ...event, placements: [one] })) : [event];
}

function describeCommit({ shard, revision, term, decisions }: Commit<DomainEvent>): string {
  const what = decisions.map(({ command, events }) => `${command}(${events.map(({ type }) => type).join(' ')})`);
  return `${shard} ${revision} of term ${term}: ${what.join(', ')}`;
}
