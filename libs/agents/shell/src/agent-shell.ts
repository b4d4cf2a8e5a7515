import type { AgentCore, AgentOutput, CallResult, HostTask } from '#libs/agents/core';
import {
  agentDirective,
  definitionsAnswer,
  drainAnswer,
  read,
  reportAnswer,
  sessionAnswer,
  wantedAnswer,
} from '#libs/agents/protocol';
import type { Schema } from '#libs/agents/protocol';
import type { Cancel, Clock, Notes } from '#libs/kernel';
import type { AgentQuestion, AgentWire, DescribeHost, HostRuntime } from './ports.ts';
import { steadyClock } from './steady-clock.ts';

export interface AgentShellOptions {
  readonly core: AgentCore;
  readonly wire: AgentWire;
  readonly runtime: HostRuntime;
  readonly describe: DescribeHost;
  readonly clock: Clock;
  readonly notes: Notes;
  /** The control plane has accepted a session for the first time. */
  readonly onServing: () => void;
}

/**
 * Runs one `AgentCore`: it is given what comes in, its outputs are performed, and the clock wakes it. A real host, each
 * host of a simulated fleet and each of the simulation has one; only the ports differ.
 */
export class AgentShell {
  readonly #options: AgentShellOptions;
  readonly #now: () => number;
  #isWorkDue = false;
  #cancelWake: Cancel = () => {};
  #wakesAt: number | null = null;
  #wasServing = false;
  #isStopped = false;
  #onDrained: (tasksLeft: number) => void = () => {};

  constructor(options: AgentShellOptions) {
    this.#options = options;
    this.#now = steadyClock(options.clock);
  }

  /** A session is open: the control plane knows this agent and may place tasks here. */
  get isServing(): boolean {
    return this.#options.core.isServing;
  }

  /** All tasks of this host, as its core has them now. */
  tasks(): Iterable<HostTask> {
    return this.#options.core.tasks();
  }

  task(taskId: string): HostTask | undefined {
    return this.#options.core.task(taskId);
  }

  /** A task does not keep to its limits: it ends, with this reason. */
  overrun(taskId: string, reason: string): void {
    this.#input((core, now) => core.overrun(taskId, reason, now));
  }

  start(): void {
    this.#options.runtime.listen(
      (hint) => this.#input((core, now) => core.containerEvent(hint, now)),
      () => this.#input((core, now) => core.runtimeReconnected(now)),
    );
    this.tick();
  }

  /** Lets go of everything; containers run on and are adopted by the next process. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelWake();
  }

  /**
   * Asks for no new tasks and serves those that are here until they have gone, at most so long.
   *
   * @param onDrained called once, with the number of tasks that are left: 0, or those that still run at the limit
   */
  drain(limitMs: number, onDrained: (tasksLeft: number) => void): void {
    this.#onDrained = onDrained;
    this.#input((core, now) => core.beginDrain(limitMs, now));
  }

  connectionUp(): void {
    this.#input((core, now) => core.connectionUp(now));
  }

  connectionLost(): void {
    this.#input((core, now) => core.connectionLost(now));
  }

  /** An answer of the control plane. What is not to be understood counts as lost, and is asked for again. */
  answered(question: AgentQuestion, requestNumber: number, body: unknown): void {
    this.#input((core, now) => {
      switch (question) {
        case 'wanted':
          return core.wantedAnswered(requestNumber, this.#understood(wantedAnswer, body), now);
        case 'session':
          return core.sessionAnswered(requestNumber, this.#understood(sessionAnswer, body), now);
        case 'definitions':
          return core.definitionsAnswered(requestNumber, this.#understood(definitionsAnswer, body), now);
        case 'report':
          return core.reportAnswered(requestNumber, this.#understood(reportAnswer, body), now);
        case 'drain':
          return core.drainAnswered(requestNumber, this.#understood(drainAnswer, body), now);
      }
    });
  }

  /** A directive of the control plane. */
  directed(body: unknown): void {
    const directive = this.#understood(agentDirective, body);
    if (directive === null) return;
    this.#input((core, now) => {
      if ('fenced' in directive) core.fenced(directive, now);
      else core.assign(directive, now);
    });
  }

  /** Does what time alone has made due. */
  tick(): void {
    this.#input((core, now) => core.tick(now));
  }

  #understood<Message>(schema: Schema<Message>, body: unknown): Message | null {
    if (body === null) return null;
    const message = read(schema, body);
    if ('value' in message) return message.value;
    const facts = { problem: message.rejection };
    this.#options.notes.note('warn', facts, 'a message of the control plane was not to be understood');
    return null;
  }

  #input(give: (core: AgentCore, now: number) => void): void {
    if (this.#isStopped) return;
    const { core, clock } = this.#options;
    give(core, this.#now());
    if (this.#isWorkDue) return;
    this.#isWorkDue = true;
    clock.soon(() => this.#work());
  }

  #work(): void {
    this.#isWorkDue = false;
    if (this.#isStopped) return;
    const { core, onServing } = this.#options;
    for (let outputs = core.drain(); outputs.length > 0; outputs = core.drain()) {
      for (const output of outputs) this.#perform(output);
    }
    if (core.isServing && !this.#wasServing) {
      this.#wasServing = true;
      onServing();
    }
    this.#sleep();
  }

  /** A wake-up that comes too early only looks again: that is cheaper than a new timer after each input. */
  #sleep(): void {
    const { core, clock } = this.#options;
    const deadline = core.nextDeadline();
    if (deadline === null || (this.#wakesAt !== null && this.#wakesAt <= deadline)) return;
    this.#cancelWake();
    this.#wakesAt = deadline;
    this.#cancelWake = clock.after(Math.max(1, deadline - this.#now()), () => {
      this.#wakesAt = null;
      this.tick();
    });
  }

  #perform(output: AgentOutput): void {
    const { wire, runtime, notes } = this.#options;
    switch (output.kind) {
      case 'open-session':
        return this.#openSession(output);
      case 'read-wanted':
        return wire.ask('wanted', output.attempt, { after: output.after });
      case 'read-definitions':
        return wire.ask('definitions', output.requestId, { taskDefinitionArns: output.taskDefinitionArns });
      case 'report':
        return wire.ask('report', output.requestId, output.request);
      case 'drain':
        return wire.ask('drain', output.requestId, output.request);
      case 'drained':
        return this.#onDrained(output.tasksLeft);
      case 'heartbeat':
        return wire.heartbeat(output.heartbeat);
      case 'take-inventory':
        return runtime.list((items) =>
          this.#input((core, now) => (items === null ? core.inventoryFailed(now) : core.inventory(items, now))),
        );
      case 'step':
        return this.#step(output);
      case 'notice':
        return notes.note(output.level, {}, output.text);
    }
  }

  #step({ stepId, taskId, call }: Extract<AgentOutput, { kind: 'step' }>): void {
    const done = (result: CallResult): void => this.#input((core, now) => core.stepDone(stepId, result, now));
    this.#options.runtime.perform(call, done, taskId);
  }

  #openSession({ attempt, wanted }: Extract<AgentOutput, { kind: 'open-session' }>): void {
    const { describe, wire } = this.#options;
    describe((description) => {
      if (this.#isStopped) return;
      if (description === null) this.answered('session', attempt, null);
      else wire.ask('session', attempt, { ...description, wanted });
    });
  }
}
