import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import type { AgentAddress } from '#libs/kernel';
import { AGENT_LEAVES, agents } from '#libs/subjects';
import type { AgentLeaf } from '#libs/subjects';
import type { Logger } from 'pino';
import { isObservable, lastValueFrom } from 'rxjs';
import { boundedPayload } from '../nats/bounded-payload.ts';
import { jsonOf } from '../nats/json-of.ts';

/** What a message handler gets. */
export interface AgentMessage {
  /** The subject proves it: NATS permissions give an agent its own subjects only. */
  readonly from: AgentAddress;
  /** The JSON value; undefined where the message is not JSON. */
  readonly payload: unknown;
}

/** The pattern of the message handler that serves one of the agents' subjects. */
export function agentPattern(leaf: AgentLeaf): string {
  return `agents.${leaf}`;
}

/**
 * Nest's transport for what agents send: plain JSON on one subject per kind of message. It listens only while this process
 * writes: an agent that finds no responder learns it at once and tries again.
 */
export class AgentsTransport extends Server implements CustomTransportStrategy {
  readonly #nc: NatsConnection;
  readonly #log: Logger;
  readonly #subscriptions: Subscription[] = [];
  #isStarted = false;
  #isOpen = false;

  constructor(nc: NatsConnection, log: Logger) {
    super();
    this.#nc = nc;
    this.#log = log;
  }

  listen(callback: () => void): void {
    this.#isStarted = true;
    if (this.#isOpen) this.#subscribe();
    callback();
  }

  close(): void {
    this.#isStarted = false;
    this.#unsubscribe();
  }

  /** This process writes. */
  open(): void {
    this.#isOpen = true;
    if (this.#isStarted) this.#subscribe();
  }

  /** It does no more. */
  shut(): void {
    this.#isOpen = false;
    this.#unsubscribe();
  }

  on(): never {
    throw new Error('the transport of agents emits no events of its own');
  }

  unwrap<T>(): T {
    return this.#subscriptions as T;
  }

  #subscribe(): void {
    for (const leaf of AGENT_LEAVES) {
      const subject = agents.every(leaf);
      const handler = this.getHandlerByPattern(agentPattern(leaf));
      if (handler === null) throw new Error(`no message handler serves ${subject}`);
      const callback = (error: Error | null, message: Msg): void => {
        if (error === null) void this.#serve(handler, message);
        else this.#log.error({ err: error, subject }, 'a subscription to what agents send failed');
      };
      this.#subscriptions.push(this.#nc.subscribe(subject, { callback }));
    }
  }

  #unsubscribe(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
  }

  async #serve(handler: MessageHandler, message: Msg): Promise<void> {
    const { cluster, instanceId } = agents.partsOf(message.subject);
    const from = { group: cluster, host: instanceId };
    try {
      const result: unknown = await handler({ from, payload: jsonOf(message) } satisfies AgentMessage);
      const answer: unknown = isObservable(result) ? await lastValueFrom(result) : result;
      if (answer === undefined) return;
      const payload = boundedPayload(JSON.stringify(answer), message.subject, this.#log);
      if (payload !== null) message.respond(payload);
    } catch (error) {
      this.#log.error({ err: error, subject: message.subject }, 'a message of an agent failed');
    }
  }
}
