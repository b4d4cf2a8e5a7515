import type { AgentCore, AgentOutput } from '#libs/agents/core';
import { performCall } from '#libs/container-runtime';
import type { ContainerRuntime, RuntimeInfo } from '#libs/container-runtime';
import type { InstanceDescription } from '#libs/agents/protocol';
import type { Logger } from 'pino';
import { agentReceiver } from '../wire/agent-receiver.ts';
import type { NatsAgentWire } from '../wire/nats-agent-wire.ts';

export interface HostAgentOptions {
  readonly instanceId: string;
  readonly core: AgentCore;
  readonly runtime: ContainerRuntime;
  readonly wire: NatsAgentWire;
  readonly describe: (info: RuntimeInfo) => InstanceDescription;
  /** ms since the epoch, never running back. */
  readonly now: () => number;
  readonly log: Logger;
  /** The control plane has accepted a session for the first time. */
  readonly onServing: () => void;
}

/** The shell of one `AgentCore` on a real host: every input is followed by what it says, and the clock wakes it. */
export class HostAgent {
  readonly #options: HostAgentOptions;
  #unsubscribe: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #wasServing = false;
  #stopped = false;

  constructor(options: HostAgentOptions) {
    this.#options = options;
  }

  start(): void {
    const { core, runtime, wire, instanceId, now } = this.#options;
    this.#unsubscribe = runtime.subscribe({
      onEvent: (hint) => this.#input(() => core.containerEvent(hint, now())),
      onConnected: () => this.#input(() => core.runtimeReconnected(now())),
    });
    const receiver = agentReceiver(core, now, (tell) => this.#input(tell));
    wire.attach(instanceId, receiver);
  }

  /** Lets go of everything; containers run on and are adopted by the next process. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  #input(tell: () => void): void {
    if (this.#stopped) return;
    tell();
    const { core, now, onServing } = this.#options;
    for (let outputs = core.drain(); outputs.length > 0; outputs = core.drain()) {
      for (const output of outputs) this.#perform(output);
    }
    if (core.isServing && !this.#wasServing) {
      this.#wasServing = true;
      onServing();
    }
    clearTimeout(this.#timer);
    const deadline = core.nextDeadline();
    if (deadline === null) return;
    this.#timer = setTimeout(() => this.#input(() => core.tick(now())), Math.max(1, deadline - now()));
  }

  #perform(output: AgentOutput): void {
    const { wire, instanceId, log } = this.#options;
    switch (output.kind) {
      case 'open-session':
        this.#background(this.#openSession(output));
        break;
      case 'read-wanted':
        wire.readWanted(instanceId, output.attempt, { after: output.after });
        break;
      case 'read-definitions':
        wire.readDefinitions(instanceId, output.requestId, { taskDefinitionArns: output.taskDefinitionArns });
        break;
      case 'report':
        wire.report(instanceId, output.requestId, output.request);
        break;
      case 'heartbeat':
        wire.heartbeat(instanceId, output.heartbeat);
        break;
      case 'take-inventory':
        this.#background(this.#takeInventory());
        break;
      case 'step':
        this.#background(this.#step(output));
        break;
      case 'notice':
        log[output.level](output.text);
        break;
    }
  }

  async #openSession({ attempt, wanted }: Extract<AgentOutput, { kind: 'open-session' }>): Promise<void> {
    const { wire, runtime, core, instanceId, describe, now, log } = this.#options;
    let info: RuntimeInfo;
    try {
      info = await runtime.info();
    } catch (error) {
      // Without its engine the host has nothing to offer.
      log.warn({ err: error }, 'the container runtime does not answer; no session is opened');
      this.#input(() => core.sessionAnswered(attempt, null, now()));
      return;
    }
    if (!this.#stopped) wire.openSession(instanceId, attempt, { ...describe(info), wanted });
  }

  async #takeInventory(): Promise<void> {
    const { runtime, core, now, log } = this.#options;
    try {
      const items = await runtime.list();
      this.#input(() => core.inventory(items, now()));
    } catch (error) {
      log.warn({ err: error }, 'the containers could not be listed');
      this.#input(() => core.inventoryFailed(now()));
    }
  }

  async #step({ stepId, taskId, call }: Extract<AgentOutput, { kind: 'step' }>): Promise<void> {
    const { runtime, core, now, log } = this.#options;
    log.debug({ taskId, step: call.call }, 'step');
    const result = await performCall(runtime, call);
    if (result.kind === 'failed') log.warn({ taskId, step: call.call, ...result }, 'a step failed');
    this.#input(() => core.stepDone(stepId, result, now()));
  }

  /** What rejects here is a defect of ours: the process ends loudly, and its successor takes inventory. */
  #background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      queueMicrotask(() => {
        throw error;
      });
    });
  }
}
