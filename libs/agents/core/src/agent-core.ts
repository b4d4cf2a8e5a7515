import type {
  AssignMessage,
  AgentRefusal,
  DrainAnswer,
  FencedMessage,
  ReportAnswer,
  SessionAnswer,
} from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';
import { HEARTBEAT_INTERVAL_SECONDS } from '#libs/agents/protocol';
import { seededRandom, seedFromText } from '#libs/kernel';
import type { AgentCoreOptions, AgentOutput, HostTask } from './agent-output.ts';
import { DefinitionRequests } from './definition-requests.ts';
import { Drain } from './drain.ts';
import { IncomingSet } from './incoming-set.ts';
import {
  BUFFERED_ASSIGNS_MAX,
  CLEANUP_DELAY_MS_DEFAULT,
  FENCED_RETRY_MS,
  INACTIVE_RETRY_MS,
  INVENTORY_INTERVAL_MS_DEFAULT,
  INVENTORY_RETRY_MS,
  OTHER_CALLS_IN_FLIGHT_MAX,
  PULLS_IN_FLIGHT_MAX,
  STOPPED_TASKS_KEPT_MAX,
} from './limits.ts';
import { ReportQueue } from './report-queue.ts';
import { Session } from './session.ts';
import type { CallResult, ContainerHint, InventoryItem } from './step.ts';
import { TaskBoard } from './task-board.ts';
import { isWorthReporting, taskReport } from './task-report.ts';

const INACTIVE_CODES: ReadonlySet<string> = new Set(['InstanceInactive']);
const FENCED_CODES: ReadonlySet<string> = new Set(['SessionFenced']);
/** The set changed while it was read: expected, and read again. */
const CHANGED_CODES: ReadonlySet<string> = new Set(['WantedSetChanged']);
const MALFORMED_CODES: ReadonlySet<string> = new Set(['InvalidParameter', 'InvalidParameterException']);

/**
 * One host agent without any I/O: facts come in as method calls with their time, what is to be done is drained. The same
 * class runs on real hosts, by the thousand in one process for load tests, and under virtual time in the simulation.
 *
 * Time is ms since the epoch and never runs back inside. Any input may come twice, late or never.
 */
export class AgentCore {
  readonly #options: AgentCoreOptions;
  readonly #board: TaskBoard;
  readonly #reports = new ReportQueue();
  readonly #definitions = new DefinitionRequests();
  readonly #session: Session;
  readonly #drain = new Drain();
  readonly #random: () => number;
  readonly #inventoryIntervalMs: number;
  #outbox: AgentOutput[] = [];
  #now = 0;
  #term = 0;
  #version = 0;
  #heartbeatIntervalMs = HEARTBEAT_INTERVAL_SECONDS * 1000;
  /** null: no session was ever accepted, or the connection is gone. */
  #heartbeatAt: number | null = null;
  /** The wanted set of the session that is being opened. */
  #incoming = new IncomingSet();
  /** Directives that came while a session was being opened. */
  readonly #buffered: AssignMessage[] = [];
  #bufferOverflowed = false;
  /** When the runtime is listed next; null: a list is being taken. */
  #inventoryAt: number | null = 0;
  /** Another process of this instance has the session: nothing is touched. */
  #fenced = false;

  constructor(options: AgentCoreOptions) {
    this.#options = options;
    this.#random = seededRandom(seedFromText(`${options.instanceId}/${options.sessionId}`));
    this.#session = new Session(this.#random);
    this.#inventoryIntervalMs = options.inventoryIntervalMs ?? INVENTORY_INTERVAL_MS_DEFAULT;
    this.#board = new TaskBoard(
      {
        cluster: options.cluster,
        instanceId: options.instanceId,
        ...(options.metadataUri === undefined ? {} : { metadataUri: options.metadataUri }),
        cleanupDelayMs: options.cleanupDelayMs ?? CLEANUP_DELAY_MS_DEFAULT,
        stoppedTasksKeptMax: options.stoppedTasksKeptMax ?? STOPPED_TASKS_KEPT_MAX,
        startsInFlightMax: options.startsInFlightMax,
        pullsInFlightMax: options.pullsInFlightMax ?? PULLS_IN_FLIGHT_MAX,
        othersInFlightMax: options.othersInFlightMax ?? OTHER_CALLS_IN_FLIGHT_MAX,
      },
      (taskId) => this.#reports.add(taskId),
    );
  }

  connectionUp(now: number): void {
    this.tick(now);
    this.#session.connected(this.#now);
  }

  connectionLost(now: number): void {
    this.tick(now);
    this.#session.disconnected();
    this.#reports.abandon();
    this.#definitions.abandon();
    this.#drain.abandon();
    this.#heartbeatAt = null;
    this.#dropBuffered();
  }

  /** A page of the wanted set. null: no answer, or not to be understood. */
  wantedAnswered(attempt: number, answer: WantedPage | AgentRefusal | null, now: number): void {
    this.tick(now);
    if (!this.#session.answered(attempt)) return;
    if (answer === null) return this.#session.failed(this.#now);
    if ('error' in answer) return this.#refused(answer, true);
    if (!this.#incoming.add(answer)) return this.#session.failed(this.#now);
    const next = this.#session.goOn(this.#now);
    if (answer.next !== null) this.#outbox.push({ kind: 'read-wanted', attempt: next, after: answer.next });
    else this.#outbox.push({ kind: 'open-session', attempt: next, wanted: this.#incoming.sum });
  }

  /** null: no answer, too late, or not to be understood. */
  sessionAnswered(attempt: number, answer: SessionAnswer | AgentRefusal | null, now: number): void {
    this.tick(now);
    if (!this.#session.answered(attempt)) return;
    if (answer === null) return this.#session.failed(this.#now);
    if ('error' in answer) return this.#refused(answer, true);
    // A plan of a writer that has been replaced is not acted upon.
    if (answer.term < this.#term) return this.#session.failed(this.#now);
    this.#session.accepted(this.#now);
    this.#fenced = false;
    this.#term = answer.term;
    this.#heartbeatIntervalMs = answer.heartbeatIntervalSeconds * 1000;
    this.#heartbeatAt ??= this.#now + this.#heartbeatIntervalMs * this.#random();
    const { sum, tasks } = this.#incoming;
    this.#incoming = new IncomingSet();
    this.#version = sum.version;
    this.#board.replaceWanted(tasks);
    this.#drain.setRead();
    const overflowed = this.#bufferOverflowed;
    for (const message of this.#dropBuffered()) this.#assign(message);
    if (overflowed) this.#session.reopen(this.#now);
  }

  /** null: no answer. */
  definitionsAnswered(requestId: number, answer: DefinitionsAnswer | AgentRefusal | null, now: number): void {
    this.tick(now);
    // One that has been replaced may know nothing of our newest tasks.
    if (answer === null || 'error' in answer || answer.term < this.#term) {
      return this.#definitions.failed(requestId, this.#now);
    }
    if (!this.#definitions.answered(requestId)) return;
    for (const [arn, definition] of Object.entries(answer.taskDefinitions)) this.#board.define(arn, definition);
    for (const arn of answer.unknown) this.#board.lackDefinition(arn);
  }

  assign(message: AssignMessage, now: number): void {
    this.tick(now);
    // For another process of this instance: what it is to do is not ours.
    if (message.sessionId !== this.#options.sessionId) return;
    if (this.#session.isOpen) {
      this.#assign(message);
      return;
    }
    // A newer writer exists: the answer of an older one that is still on its way is a plan that has been replaced.
    this.#term = Math.max(this.#term, message.term);
    this.#buffer(message);
  }

  /** Another process of this instance has the session: this one learns it though it has nothing to report. */
  fenced({ term, sessionId }: FencedMessage, now: number): void {
    this.tick(now);
    if (sessionId !== this.#options.sessionId || !this.#session.isOpen || term < this.#term) return;
    this.#term = term;
    this.#notice('warn', 'another process of this container instance has the session');
    this.#fence();
  }

  inventory(items: readonly InventoryItem[], now: number): void {
    this.tick(now);
    this.#inventoryAt = this.#now + this.#inventoryIntervalMs;
    if (this.#board.inventory(items)) this.#session.reopen(this.#now);
  }

  /** A missing answer is never read as "nothing runs": the list is taken again. */
  inventoryFailed(now: number): void {
    this.tick(now);
    this.#inventoryAt = this.#now + INVENTORY_RETRY_MS;
  }

  /** The runtime was away or its events may have been lost: list it at once. */
  runtimeReconnected(now: number): void {
    this.tick(now);
    if (this.#inventoryAt !== null) this.#inventoryAt = this.#now;
  }

  stepDone(stepId: number, result: CallResult, now: number): void {
    this.tick(now);
    this.#board.stepDone(stepId, result, this.#now);
  }

  containerEvent(hint: ContainerHint, now: number): void {
    this.tick(now);
    this.#board.hint(hint);
  }

  /** A task does not keep to its limits, and nothing else can hold it to them: it ends, with this reason. */
  overrun(taskId: string, reason: string, now: number): void {
    this.tick(now);
    this.#board.end(taskId, reason);
  }

  /** null: no answer. */
  reportAnswered(requestId: number, answer: ReportAnswer | AgentRefusal | null, now: number): void {
    this.tick(now);
    if (answer === null) return this.#reports.failed(requestId, this.#now);
    if (!('error' in answer)) {
      // It knows less than we do, perhaps not even the task: what it took is not durable.
      if (answer.term < this.#term) return this.#reports.failed(requestId, this.#now);
      for (const { taskId, revision } of this.#reports.accepted(requestId)) this.#board.durable(taskId, revision);
      return;
    }
    if (!MALFORMED_CODES.has(answer.error.code)) {
      this.#reports.failed(requestId, this.#now);
      return this.#refused(answer, false);
    }
    const culprit = this.#reports.malformed(requestId);
    if (culprit === undefined) return;
    // As ECS agents do: a report that will never be taken is dropped, so that the others get through.
    this.#notice('error', `the report of task ${culprit.taskId} is refused: ${answer.error.message}`);
    this.#board.durable(culprit.taskId, culprit.revision);
  }

  /**
   * This agent is about to end: the control plane is asked for no new tasks, and what is here is served until it has gone,
   * at most so long. `drained` says when. Asked twice it is the first time that counts.
   */
  beginDrain(limitMs: number, now: number): void {
    this.tick(now);
    this.#drain.begin(this.#now + limitMs);
  }

  /** null: no answer. */
  drainAnswered(requestId: number, answer: DrainAnswer | AgentRefusal | null, now: number): void {
    this.tick(now);
    // While a session is being opened the set may have been read before: asked again, it is read again.
    if (answer === null || !this.#session.isOpen) return this.#drain.failed(requestId, this.#now);
    if ('error' in answer) {
      this.#drain.failed(requestId, this.#now);
      return this.#refused(answer, false);
    }
    if (answer.term < this.#term) return this.#drain.failed(requestId, this.#now);
    if (this.#drain.recorded(requestId)) this.#session.reopen(this.#now);
  }

  /** Lets time pass. */
  tick(now: number): void {
    this.#now = Math.max(this.#now, now);
  }

  /** A session is open: the control plane knows this agent and may place tasks here. */
  get isServing(): boolean {
    return this.#session.isOpen;
  }

  /** All tasks of this host, whatever their state, until they are cleaned up. They change with the next input. */
  tasks(): Iterable<HostTask> {
    return this.#board.records();
  }

  task(taskId: string): HostTask | undefined {
    return this.#board.record(taskId);
  }

  /** The next moment (ms) at which `tick` and `drain` would give something, as things stand; null: never. */
  nextDeadline(): number | null {
    const deadlines = [
      this.#session.deadline,
      this.#heartbeatAt,
      this.#inventoryAt,
      this.#session.isOpen ? this.#reports.deadline : null,
      this.#session.isOpen && this.#board.lacksDefinitions ? this.#definitions.deadline : null,
      this.#drain.deadline(this.#session.isOpen),
      this.#fenced ? null : this.#board.nextWake,
    ];
    let next: number | null = null;
    for (const deadline of deadlines) if (deadline !== null && (next === null || deadline < next)) next = deadline;
    return next;
  }

  /** Everything that is to be done now. Call it after any input. */
  drain(): readonly AgentOutput[] {
    const now = this.#now;
    const attempt = this.#session.due(now);
    if (attempt !== undefined) {
      this.#incoming = new IncomingSet();
      this.#outbox.push({ kind: 'read-wanted', attempt, after: null });
    }
    if (this.#inventoryAt !== null && now >= this.#inventoryAt) {
      this.#inventoryAt = null;
      this.#outbox.push({ kind: 'take-inventory' });
    }
    if (!this.#fenced) this.#board.pump(now, (order) => this.#outbox.push({ kind: 'step', ...order }));
    if (this.#session.isOpen) {
      this.#readDefinitions();
      this.#sendReports();
      this.#askToDrain();
    }
    this.#beat();
    if (this.#drain.isUnderWay) this.#endDrain();
    const outputs = this.#outbox;
    this.#outbox = [];
    return outputs;
  }

  #readDefinitions(): void {
    const next = this.#definitions.next(this.#now, this.#board.missingDefinitions);
    if (next !== undefined) this.#outbox.push({ kind: 'read-definitions', ...next });
  }

  #sendReports(): void {
    const next = this.#reports.next(this.#now, (taskId) => {
      const record = this.#board.record(taskId);
      // Without its definition the status of an adopted task is a guess.
      if (record === undefined || record.awaitsDefinition || !isWorthReporting(record.known)) return undefined;
      return { report: taskReport(record.known, record.definition), revision: record.known.revision };
    });
    if (next === undefined) return;
    const { requestId, reports } = next;
    this.#outbox.push({ kind: 'report', requestId, request: { sessionId: this.#options.sessionId, reports } });
  }

  #askToDrain(): void {
    const requestId = this.#drain.next(this.#now);
    if (requestId === undefined) return;
    this.#outbox.push({ kind: 'drain', requestId, request: { sessionId: this.#options.sessionId } });
  }

  #endDrain(): void {
    const { isInventoried, unsettledTasks: tasksLeft } = this.#board;
    const isServed = isInventoried && tasksLeft === 0;
    if (this.#drain.ends(this.#now, isServed)) this.#outbox.push({ kind: 'drained', tasksLeft });
  }

  #beat(): void {
    if (this.#heartbeatAt === null || this.#now < this.#heartbeatAt) return;
    this.#heartbeatAt = this.#now + this.#heartbeatIntervalMs;
    const heartbeat = { sessionId: this.#options.sessionId, version: this.#version };
    this.#outbox.push({ kind: 'heartbeat', heartbeat });
  }

  /** A difference: applied only if it starts where we are. Anything else is old, or a gap that only a whole set closes. */
  #assign(message: AssignMessage): void {
    const { term, fromVersion, toVersion } = message;
    if (!this.#session.isOpen || term < this.#term) return;
    this.#term = term;
    const isOld = fromVersion < toVersion && toVersion <= this.#version;
    if (isOld || toVersion === this.#version) return;
    if (fromVersion !== this.#version) return this.#session.reopen(this.#now);
    this.#version = toVersion;
    this.#board.want(message.tasks);
  }

  #buffer(message: AssignMessage): void {
    // An empty one only says "ask for the whole set", and that is what is going on.
    if (!this.#session.isOpening || message.tasks.length === 0) return;
    if (this.#buffered.length >= BUFFERED_ASSIGNS_MAX) this.#bufferOverflowed = true;
    else this.#buffered.push(message);
  }

  #dropBuffered(): readonly AssignMessage[] {
    this.#bufferOverflowed = false;
    return this.#buffered.splice(0);
  }

  #refused({ error: { code, message } }: AgentRefusal, whileOpening: boolean): void {
    if (CHANGED_CODES.has(code)) return this.#session.failed(this.#now);
    this.#notice('warn', `the control plane refuses: ${code}: ${message}`);
    if (INACTIVE_CODES.has(code)) {
      // Deregistered: the log counts all of our tasks as stopped, so they must be.
      this.#board.replaceWanted([]);
      this.#version = 0;
      this.#heartbeatAt = null;
      this.#drain.deregistered();
      return this.#session.failed(this.#now, INACTIVE_RETRY_MS);
    }
    if (FENCED_CODES.has(code)) return this.#fence();
    // A report that is refused for any other reason is only repeated.
    if (whileOpening) this.#session.failed(this.#now);
  }

  #fence(): void {
    this.#fenced = true;
    this.#session.failed(this.#now, FENCED_RETRY_MS);
  }

  #notice(level: 'info' | 'warn' | 'error', text: string): void {
    this.#outbox.push({ kind: 'notice', level, text });
  }
}
