import type { AssignMessage, SessionAnswer } from '#libs/agents/protocol';
import type { TaskDefinition, TaskReport, WantedTask } from '#libs/ecs/messages';
import { AgentCore } from '../src/agent-core.ts';
import type { AgentCoreOptions, AgentOutput } from '../src/agent-output.ts';
import { DEFINITION_ARN, taskDefinition } from './builders.ts';
import { ModelRuntime } from './model-runtime.ts';

/** Of the agent that the spec talks to. */
export const SESSION_ID = 'session-1';

/** What the control plane answers to an agent that opens a session: the set in one page, then the session. */
export interface ScriptedSession {
  readonly term: number;
  readonly version: number;
  readonly tasks: readonly WantedTask[];
}

export function scriptedSession(version: number, tasks: readonly WantedTask[]): ScriptedSession {
  return { term: 1, version, tasks };
}

export function sessionAnswer(term = 1): SessionAnswer {
  return {
    containerInstanceArn: 'arn:aws:ecs:us-east-1:000000000000:container-instance/default/i1',
    term,
    heartbeatIntervalSeconds: 2,
  };
}

export function assignMessage(fromVersion: number, toVersion: number, ...tasks: readonly WantedTask[]): AssignMessage {
  return { term: 1, sessionId: SESSION_ID, fromVersion, toVersion, tasks };
}

/** An agent on a model host. The control plane's part is played by the spec; steps and inventories happen at once. */
export class ScriptedAgent {
  readonly core: AgentCore;
  readonly runtime: ModelRuntime;
  now = 1_000_000;
  /** Everything drained that the spec has to answer, oldest first. */
  readonly outputs: AgentOutput[] = [];
  /** Holds steps back, to be performed by `perform`. */
  holdSteps = false;
  /** Holds questions for task definitions back. */
  holdDefinitions = false;
  /** The one that all tasks have. */
  readonly definition: TaskDefinition;

  constructor(
    runtime = new ModelRuntime(),
    options: Partial<AgentCoreOptions> = {},
    definition: TaskDefinition = taskDefinition(),
  ) {
    this.definition = definition;
    this.runtime = runtime;
    this.core = new AgentCore({
      cluster: 'default',
      instanceId: 'i1',
      sessionId: SESSION_ID,
      startsInFlightMax: 4,
      cleanupDelayMs: 60_000,
      ...options,
    });
  }

  /** Of its containers, in the order in which they were made. */
  get phases(): readonly string[] {
    return [...this.runtime.containers.values()].map(({ phase }) => phase);
  }

  /** Lets everything happen that needs no answer of the control plane. */
  settle(): void {
    for (;;) {
      const outputs = this.core.drain();
      if (outputs.length === 0) return;
      for (const output of outputs) {
        if (output.kind === 'take-inventory') this.#list();
        else if (output.kind === 'step' && !this.holdSteps) this.perform(output);
        else if (output.kind === 'read-definitions' && !this.holdDefinitions) this.define(output);
        else this.outputs.push(output);
      }
    }
  }

  #list(): void {
    if (this.runtime.isAway) this.core.inventoryFailed(this.now);
    else this.core.inventory(this.runtime.list(), this.now);
  }

  perform(order: Extract<AgentOutput, { kind: 'step' }>): void {
    this.core.stepDone(order.stepId, this.runtime.perform(order.call, this.now), this.now);
  }

  /** Answers with the one definition that there is. */
  define({ requestId }: Extract<AgentOutput, { kind: 'read-definitions' }>): void {
    const taskDefinitions = { [DEFINITION_ARN]: this.definition };
    this.core.definitionsAnswered(requestId, { term: Number.MAX_SAFE_INTEGER, taskDefinitions, unknown: [] }, this.now);
  }

  /** Connected, with a session that wants these tasks. */
  start(version = 1, ...tasks: readonly WantedTask[]): void {
    this.core.connectionUp(this.now);
    this.settle();
    this.accept(scriptedSession(version, tasks));
  }

  accept({ term, version, tasks }: ScriptedSession): void {
    this.core.wantedAnswered(this.take('read-wanted').attempt, { version, tasks, next: null }, this.now);
    this.settle();
    this.core.sessionAnswered(this.take('open-session').attempt, sessionAnswer(term), this.now);
    this.settle();
  }

  elapse(ms: number): void {
    this.now += ms;
    this.core.tick(this.now);
    this.settle();
  }

  /** The oldest output of that kind; fails when there is none. */
  take<Kind extends AgentOutput['kind']>(kind: Kind): Extract<AgentOutput, { kind: Kind }> {
    const index = this.outputs.findIndex((output) => output.kind === kind);
    const [output] = index < 0 ? [] : this.outputs.splice(index, 1);
    if (output === undefined || !isKind(output, kind))
      throw new Error(`no ${kind} among ${JSON.stringify(this.outputs)}`);
    return output;
  }

  has(kind: AgentOutput['kind']): boolean {
    return this.outputs.some((output) => output.kind === kind);
  }

  /** The reports of the next request, answered as durable. */
  takeReports(term = 1): readonly TaskReport[] {
    const { requestId, request } = this.take('report');
    this.core.reportAnswered(requestId, { accepted: true, term }, this.now);
    this.settle();
    return request.reports;
  }

  /** All reports that are due, one after the other answered as durable. */
  takeAllReports(): readonly TaskReport[] {
    const reports: TaskReport[] = [];
    while (this.has('report')) reports.push(...this.takeReports());
    return reports;
  }
}

function isKind<Kind extends AgentOutput['kind']>(
  output: AgentOutput,
  kind: Kind,
): output is Extract<AgentOutput, { kind: Kind }> {
  return output.kind === kind;
}
