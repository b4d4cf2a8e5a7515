import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import { agents } from '#libs/subjects';
import type {
  DefinitionsRequest,
  AgentRefusal,
  DrainAnswer,
  DrainRequest,
  Heartbeat,
  ReportRequest,
  SessionAnswer,
  SessionRequest,
} from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage, TaskDefinition, TaskReport, WantedTask } from '#libs/ecs/messages';
import type { AgentLeaf } from '#libs/subjects';
import { eventually, type TestNatsServer } from '#libs/testing';

const CLUSTER = 'default';

interface Waiting {
  readonly taskId: string;
  readonly isDone: (report: TaskReport) => boolean;
  readonly resolve: (report: TaskReport) => void;
}

interface InstanceBook {
  readonly tasks: Map<string, WantedTask>;
  version: number;
}

/**
 * The control plane at the other end of the agents' subjects, as little of it as an agent can see: wanted sets with
 * versions, and what was reported. No log, no scheduler.
 */
export class ControlPlaneDouble {
  readonly sessions: { readonly instanceId: string; readonly request: SessionRequest }[] = [];
  readonly heartbeats: { readonly instanceId: string; readonly heartbeat: Heartbeat }[] = [];
  readonly drains: { readonly instanceId: string; readonly request: DrainRequest }[] = [];
  /** The newest report of each task, and how many requests named it. */
  readonly reports = new Map<string, TaskReport>();
  reportRequests = 0;
  /** Answers a session request instead of us. */
  refusal: AgentRefusal | null = null;
  /** So many report requests are taken in and not answered. */
  unansweredReports = 0;
  term = 1;
  readonly #requests: NatsConnection;
  readonly #directives: NatsConnection;
  readonly #books = new Map<string, InstanceBook>();
  readonly #definitions = new Map<string, TaskDefinition>();
  readonly #waiting = new Set<Waiting>();

  private constructor(requests: NatsConnection, directives: NatsConnection) {
    this.#requests = requests;
    this.#directives = directives;
    this.#serve('wanted', (message, instanceId) => this.#wanted(message, instanceId));
    this.#serve('session', (message, instanceId) => this.#session(message, instanceId));
    this.#serve('definitions', (message) => this.#readDefinitions(message));
    this.#serve('report', (message) => this.#report(message));
    this.#serve('drain', (message, instanceId) => this.#drain(message, instanceId));
    this.#serve('heartbeat', (message, instanceId) => {
      this.heartbeats.push({ instanceId, heartbeat: message.json<Heartbeat>() });
    });
  }

  /** With the two connections of a control plane. */
  static async on(nats: TestNatsServer): Promise<ControlPlaneDouble> {
    return new ControlPlaneDouble(await nats.connect('control-plane-gateway'), await nats.connect('control-plane'));
  }

  /** Resolves when directives reach the broker again; a real control plane would see who missed one in the heartbeats. */
  async reconnected(): Promise<void> {
    const reaches = (): Promise<boolean> =>
      this.#directives.flush().then(
        () => true,
        () => false,
      );
    await eventually(reaches, (does) => does);
  }

  /** The task is wanted there; the agent is notified unless `silently`. */
  place(instanceId: string, task: WantedTask, definition: TaskDefinition, silently = false): void {
    this.#definitions.set(definition.taskDefinitionArn, definition);
    this.#change(instanceId, [task], silently);
  }

  placeAll(instanceId: string, tasks: readonly WantedTask[], definition: TaskDefinition): void {
    this.#definitions.set(definition.taskDefinitionArn, definition);
    this.#change(instanceId, tasks, false);
  }

  stop(instanceId: string, taskId: string): void {
    const task = this.#book(instanceId).tasks.get(taskId);
    if (task !== undefined) this.#change(instanceId, [{ ...task, desiredStatus: 'STOPPED' }], false);
  }

  /** The task is not of this instance any more. */
  forget(instanceId: string, taskId: string): void {
    this.#book(instanceId).tasks.delete(taskId);
  }

  /** Asks the agent to open its session again. */
  nudge(instanceId: string): void {
    const version = Number.MAX_SAFE_INTEGER;
    const sessionId = this.#sessionOf(instanceId);
    const message = { term: this.term, sessionId, fromVersion: version, toVersion: version, tasks: [] };
    this.#directives.publish(agents.assign(CLUSTER, instanceId), JSON.stringify(message));
  }

  /** Resolves with the first report of the task, past or future, that is what it should be. */
  reported(taskId: string, isDone: (report: TaskReport) => boolean): Promise<TaskReport> {
    const known = this.reports.get(taskId);
    if (known !== undefined && isDone(known)) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.add({ taskId, isDone, resolve }));
  }

  #session(message: Msg, instanceId: string): void {
    this.sessions.push({ instanceId, request: message.json<SessionRequest>() });
    if (this.refusal !== null) {
      message.respond(JSON.stringify(this.refusal));
      return;
    }
    const answer: SessionAnswer = {
      containerInstanceArn: `arn:aws:ecs:us-east-1:000000000000:container-instance/${CLUSTER}/${instanceId}`,
      term: this.term,
      heartbeatIntervalSeconds: 1,
    };
    message.respond(JSON.stringify(answer));
  }

  #drain(message: Msg, instanceId: string): void {
    this.drains.push({ instanceId, request: message.json<DrainRequest>() });
    const answer: DrainAnswer = { accepted: true, term: this.term };
    message.respond(JSON.stringify(answer));
  }

  #wanted(message: Msg, instanceId: string): void {
    const { version, tasks } = this.#book(instanceId);
    const page: WantedPage = {
      version,
      tasks: [...tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED'),
      next: null,
    };
    message.respond(JSON.stringify(this.refusal ?? page));
  }

  #readDefinitions(message: Msg): void {
    const { taskDefinitionArns } = message.json<DefinitionsRequest>();
    const answer: DefinitionsAnswer = {
      term: this.term,
      taskDefinitions: Object.fromEntries([...this.#definitions].filter(([arn]) => taskDefinitionArns.includes(arn))),
      unknown: taskDefinitionArns.filter((arn) => !this.#definitions.has(arn)),
    };
    message.respond(JSON.stringify(answer));
  }

  #report(message: Msg): void {
    this.reportRequests += 1;
    const { reports } = message.json<ReportRequest>();
    const { instanceId } = agents.partsOf(message.subject);
    for (const report of reports) {
      this.reports.set(report.taskId, report);
      this.#notify(report);
      const { tasks } = this.#book(instanceId);
      const task = tasks.get(report.taskId);
      if (task === undefined || TASK_STATUS_RANK[report.knownStatus] < TASK_STATUS_RANK[task.lastStatus]) continue;
      tasks.set(report.taskId, { ...task, lastStatus: report.knownStatus });
    }
    if (this.unansweredReports > 0) this.unansweredReports -= 1;
    else message.respond(JSON.stringify({ accepted: true, term: this.term }));
  }

  #notify(report: TaskReport): void {
    for (const waiting of this.#waiting) {
      if (waiting.taskId !== report.taskId || !waiting.isDone(report)) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(report);
    }
  }

  #change(instanceId: string, tasks: readonly WantedTask[], silently: boolean): void {
    const book = this.#book(instanceId);
    const fromVersion = book.version;
    for (const task of tasks) book.tasks.set(task.taskId, task);
    book.version += tasks.length;
    if (silently) return;
    const sessionId = this.#sessionOf(instanceId);
    const message = { term: this.term, sessionId, fromVersion, toVersion: book.version, tasks };
    this.#directives.publish(agents.assign(CLUSTER, instanceId), JSON.stringify(message));
  }

  /** The session that the instance opened last. */
  #sessionOf(instanceId: string): string {
    return this.sessions.findLast((session) => session.instanceId === instanceId)?.request.sessionId ?? '';
  }

  #book(instanceId: string): InstanceBook {
    const book = this.#books.get(instanceId) ?? { tasks: new Map(), version: 0 };
    this.#books.set(instanceId, book);
    return book;
  }

  #serve(leaf: AgentLeaf, handle: (message: Msg, instanceId: string) => void): void {
    this.#requests.subscribe(agents.everyInstance(CLUSTER, leaf), {
      callback: (error, message) => {
        if (error === null) handle(message, agents.partsOf(message.subject).instanceId);
      },
    });
  }
}
