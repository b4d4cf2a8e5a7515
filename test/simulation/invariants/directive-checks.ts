import type { AssignMessage, AgentRefusal, ReportAnswer } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage, ClusterEvent, WantedTask } from '#libs/ecs/messages';
import type { ObservedHost } from '../host/agent-observer.ts';
import type { EventCheck } from './event-check.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

export interface DirectiveChecksOptions {
  readonly model: LogModel;
  /** The head of the cluster's log. */
  readonly head: () => { readonly revision: number; readonly term: number };
  readonly report: ReportViolation;
}

/**
 * S23: what a task is made of, with everything that its containers may know, goes to the instance that holds it and to no
 * other, and not after its end; of an instance only the current session is believed, and only it acts.
 */
export class DirectiveChecks implements EventCheck {
  readonly #options: DirectiveChecksOptions;
  /** The revision in which a task ended, by task. */
  readonly #endedIn = new Map<string, number>();
  /** Agents that know of a session that has replaced theirs, with the life in which they learned it. */
  readonly #fenced = new Map<ObservedHost, number>();

  constructor(options: DirectiveChecksOptions) {
    this.#options = options;
  }

  after(event: ClusterEvent): void {
    const isEnd = event.type === 'TaskStopped' || (event.type === 'TaskStateChanged' && event.lastStatus === 'STOPPED');
    if (!isEnd) return;
    this.#endedIn.set(event.taskId, this.#options.head().revision);
  }

  /** A writer sends a difference to an instance. */
  assigned(instanceId: string, { term, tasks }: AssignMessage): void {
    if (term === this.#options.head().term) this.#check(instanceId, tasks, 'is sent');
  }

  /** A control plane answers with a part of the whole set. */
  wantedAnswered({ instanceId }: ObservedHost, answer: WantedPage | AgentRefusal, term: number): void {
    if (!('error' in answer) && term === this.#options.head().term)
      this.#check(instanceId, answer.tasks, 'is answered');
  }

  /** A control plane answers with definitions of tasks. */
  definitionsAnswered({ instanceId, name }: ObservedHost, answer: DefinitionsAnswer | AgentRefusal): void {
    const head = this.#options.head();
    if ('error' in answer || answer.term !== head.term) return;
    const own = new Set<string>();
    for (const task of this.#options.model.tasks.values()) {
      const isOver = (this.#endedIn.get(task.taskId) ?? head.revision) < head.revision;
      if (task.instanceId === instanceId && !isOver) own.add(task.template.taskDefinitionArn);
    }
    const foreign = Object.keys(answer.taskDefinitions).find((arn) => !own.has(arn));
    if (foreign !== undefined)
      this.#options.report('S23', `${name} is answered ${foreign}, which none of its tasks has`);
  }

  /** A report arrives; the answer to it shows whether it was believed. */
  reportArrived(host: ObservedHost, sessionId: string): (answer: ReportAnswer | AgentRefusal) => void {
    const sessionThen = this.#sessionOf(host);
    return (answer) => {
      if ('error' in answer || answer.term !== this.#options.head().term) return;
      if (sessionId === sessionThen || sessionId === this.#sessionOf(host)) return;
      this.#options.report(
        'S23',
        `a report of ${sessionId} is accepted, the session of ${host.name} is ${sessionThen}`,
      );
    };
  }

  learnsFenced(host: ObservedHost): void {
    this.#fenced.set(host, host.process.life);
  }

  serves(host: ObservedHost): void {
    this.#fenced.delete(host);
  }

  /** An agent asks its engine for something. */
  calls(host: ObservedHost, taskId: string, call: string): void {
    if (this.#fenced.get(host) !== host.process.life) return;
    this.#options.report('S23', `${host.name} wants to ${call} for task ${taskId}, and another session has its place`);
  }

  #check(instanceId: string, tasks: readonly WantedTask[], how: string): void {
    for (const { taskId, desiredStatus } of tasks) {
      const task = this.#options.model.tasks.get(taskId);
      if (task?.instanceId !== instanceId) {
        const where = task?.instanceId ?? 'no instance';
        this.#options.report('S23', `${instanceId} ${how} task ${taskId}, which is on ${where}`);
      }
      const endedIn = this.#endedIn.get(taskId);
      // What ended in the very commit that the message waited for was not over when it was written.
      if (desiredStatus === 'RUNNING' && endedIn !== undefined && endedIn < this.#options.head().revision) {
        this.#options.report('S23', `${instanceId} ${how} task ${taskId}, which has ended in commit ${endedIn}`);
      }
    }
  }

  #sessionOf({ instanceId }: ObservedHost): string {
    return this.#options.model.instances.get(instanceId)?.sessionId ?? 'none';
  }
}
