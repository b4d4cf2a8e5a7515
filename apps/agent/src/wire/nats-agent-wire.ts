import { nuid } from '@nats-io/transport-node';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { AgentQuestion, AgentShell, AgentWire } from '#libs/agents/shell';
import { agents, inboxes, MESSAGE_BYTES_MAX } from '#libs/subjects';
import type { Logger } from 'pino';

/** What comes in over the wire for one agent. */
export type AgentReceiver = Pick<AgentShell, 'answered' | 'directed' | 'connectionUp' | 'connectionLost'>;

export interface NatsAgentWireOptions {
  readonly nc: NatsConnection;
  readonly cluster: string;
  /** The container instance, or `*` for a whole fleet over one connection. */
  readonly instanceId: string;
  readonly log: Logger;
}

/**
 * The agents' subjects over one NATS connection. Answers come in below each agent's own inbox prefix, named by
 * request, so a request costs no promise and no timer: AgentCore itself knows when an answer is overdue.
 */
export class NatsAgentWire {
  readonly #nc: NatsConnection;
  readonly #cluster: string;
  readonly #log: Logger;
  /** Tells this connection's requests from those of an earlier one. */
  readonly #nonce = nuid.next();
  readonly #receivers = new Map<string, AgentReceiver>();
  readonly #subscriptions: readonly Subscription[];
  #closed = false;

  constructor({ nc, cluster, instanceId, log }: NatsAgentWireOptions) {
    this.#nc = nc;
    this.#cluster = cluster;
    this.#log = log;
    this.#subscriptions = [
      this.#listen(this.#inbox(instanceId, '*', '*'), (message) => this.#answered(message)),
      this.#listen(agents.assign(cluster, instanceId), (message) => this.#directed(message)),
    ];
    this.#watchConnection().catch((error: unknown) =>
      log.error({ err: error }, 'the connection is not watched any more'),
    );
  }

  /** What one agent sends. */
  of(instanceId: string): AgentWire {
    return {
      ask: (question, requestNumber, request) =>
        this.#publish(
          agents[question](this.#cluster, instanceId),
          request,
          this.#inbox(instanceId, question, requestNumber),
        ),
      heartbeat: (heartbeat) => this.#publish(agents.heartbeat(this.#cluster, instanceId), heartbeat),
    };
  }

  /** Answers and directives for this agent go to this receiver; it is connected from now on. */
  attach(instanceId: string, receiver: AgentReceiver): void {
    this.#receivers.set(instanceId, receiver);
    receiver.connectionUp();
  }

  close(): void {
    this.#closed = true;
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#receivers.clear();
  }

  #inbox(instanceId: string, question: AgentQuestion | '*', requestNumber: number | '*'): string {
    return `${inboxes.agent(instanceId)}.${this.#nonce}.${question}.${requestNumber}`;
  }

  #publish(subject: string, body: object, reply?: string): void {
    if (this.#closed || this.#nc.isClosed()) return;
    const payload = Buffer.from(JSON.stringify(body));
    if (payload.length <= MESSAGE_BYTES_MAX) this.#nc.publish(subject, payload, reply === undefined ? {} : { reply });
    // Every request has a limit of its own, so this is a defect. It counts as unanswered, and the agent goes on.
    else this.#log.error({ subject, bytes: payload.length }, 'a message is too large and was not sent');
  }

  #listen(subject: string, handle: (message: Msg) => void): Subscription {
    return this.#nc.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) handle(message);
        else this.#log.error({ err: error, subject }, 'a subscription failed');
      },
    });
  }

  #answered(message: Msg): void {
    const [, instanceId = '', , question, requestNumber] = message.subject.split('.');
    // A message without a body is the server's own: that subject has no subscriber.
    const body = message.data.length === 0 ? null : this.#parse(message);
    this.#receivers.get(instanceId)?.answered(question as AgentQuestion, Number(requestNumber), body);
  }

  #directed(message: Msg): void {
    const { instanceId } = agents.partsOf(message.subject);
    this.#receivers.get(instanceId)?.directed(this.#parse(message));
  }

  #parse(message: Msg): unknown {
    try {
      return message.json();
    } catch (error) {
      this.#log.warn({ err: error, subject: message.subject }, 'a message is not JSON');
      return null;
    }
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.#nc.status()) {
      if (this.#closed) return;
      if (type === 'disconnect') {
        this.#log.warn('the connection to NATS is lost; tasks run on');
        for (const receiver of this.#receivers.values()) receiver.connectionLost();
      } else if (type === 'reconnect') {
        this.#log.info('the connection to NATS is back');
        for (const receiver of this.#receivers.values()) receiver.connectionUp();
      }
    }
  }
}
