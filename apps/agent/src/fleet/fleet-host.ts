import type { AgentCore, AgentOutput } from '#libs/agents/core';
import type { SimulatedHost } from '#libs/container-runtime';
import type { InstanceDescription } from '#libs/agents/protocol';
import type { Logger } from 'pino';
import { agentReceiver } from '../wire/agent-receiver.ts';
import type { NatsAgentWire } from '../wire/nats-agent-wire.ts';
import type { FleetLoop, LoopMember } from './fleet-loop.ts';

export interface FleetHostOptions {
  readonly instanceId: string;
  readonly core: AgentCore;
  readonly runtime: SimulatedHost;
  readonly request: InstanceDescription;
  readonly wire: NatsAgentWire;
  readonly loop: FleetLoop;
  readonly log: Logger;
  readonly onServing: () => void;
}

/** One simulated host of a fleet. The loop calls; nothing here waits, promises or sets a timer. */
export class FleetHost implements LoopMember {
  readonly core: AgentCore;
  isTouched = false;
  readonly #options: FleetHostOptions;
  #wasServing = false;

  constructor(options: FleetHostOptions) {
    this.#options = options;
    this.core = options.core;
  }

  start(): void {
    const { instanceId, runtime, wire, loop } = this.#options;
    const now = (): number => loop.now();
    runtime.listen(
      (hint) => this.#input(() => this.core.containerEvent(hint, now())),
      () => this.#input(() => this.core.runtimeReconnected(now())),
    );
    loop.add(this);
    wire.attach(
      instanceId,
      agentReceiver(this.core, now, (tell) => this.#input(tell)),
    );
  }

  /** Does what the core says now. */
  work(): void {
    for (const output of this.core.drain()) this.#perform(output);
    if (this.#wasServing || !this.core.isServing) return;
    this.#wasServing = true;
    this.#options.onServing();
  }

  #input(tell: () => void): void {
    tell();
    this.#options.loop.touch(this);
  }

  #perform(output: AgentOutput): void {
    const { instanceId, runtime, request, wire, loop, log } = this.#options;
    switch (output.kind) {
      case 'open-session':
        wire.openSession(instanceId, output.attempt, { ...request, wanted: output.wanted });
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
        runtime.list((items) =>
          this.#input(() => {
            if (items === null) this.core.inventoryFailed(loop.now());
            else this.core.inventory(items, loop.now());
          }),
        );
        break;
      case 'step':
        runtime.perform(output.call, (result) =>
          this.#input(() => this.core.stepDone(output.stepId, result, loop.now())),
        );
        break;
      case 'notice':
        log[output.level]({ instanceId }, output.text);
        break;
    }
  }
}
