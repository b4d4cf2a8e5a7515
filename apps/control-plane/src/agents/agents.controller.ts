import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { AgentsEndpoint } from '#libs/engine';
import type { AnyAgentsProtocol } from '#libs/kernel';
import type { AgentLeaf } from '#libs/subjects';
import type { Logger } from 'pino';
import { LOG } from '../process/process.module.ts';
import { agentPattern } from './agents.transport.ts';
import type { AgentMessage } from './agents.transport.ts';
import { AGENTS_PROTOCOL } from './agents-protocol.ts';

/** What the agents of hosts ask and report. The context's protocol checks the payloads: the simulation needs the same check. */
@Controller()
export class AgentsController {
  readonly #endpoint: AgentsEndpoint;
  readonly #protocol: AnyAgentsProtocol;
  readonly #log: Logger;

  constructor(
    @Inject(AgentsEndpoint) endpoint: AgentsEndpoint,
    @Inject(AGENTS_PROTOCOL) protocol: AnyAgentsProtocol,
    @Inject(LOG) log: Logger,
  ) {
    this.#endpoint = endpoint;
    this.#protocol = protocol;
    this.#log = log;
  }

  @MessagePattern(agentPattern('session'))
  session(message: AgentMessage): Promise<object> {
    return this.#request('session', message);
  }

  @MessagePattern(agentPattern('wanted'))
  wanted(message: AgentMessage): Promise<object> {
    return this.#request('wanted', message);
  }

  @MessagePattern(agentPattern('definitions'))
  definitions(message: AgentMessage): Promise<object> {
    return this.#request('definitions', message);
  }

  @MessagePattern(agentPattern('report'))
  report(message: AgentMessage): Promise<object> {
    return this.#request('report', message);
  }

  @MessagePattern(agentPattern('drain'))
  drain(message: AgentMessage): Promise<object> {
    return this.#request('drain', message);
  }

  /** Has no response; an event handler of Nest's would cost an observable for each. */
  @MessagePattern(agentPattern('heartbeat'))
  heartbeat({ from, payload }: AgentMessage): void {
    this.#endpoint.heartbeat(from, payload);
  }

  /** Never resolves once this process has stopped writing: the agent asks the next one that does. */
  async #request(kind: AgentLeaf, { from, payload }: AgentMessage): Promise<object> {
    try {
      return await new Promise((resolve) => this.#endpoint.request(from, kind, payload, resolve));
    } catch (error) {
      this.#log.error({ err: error, ...from, kind }, 'a request of an agent failed');
      return this.#protocol.unavailable;
    }
  }
}
