import { nuid } from '@nats-io/transport-node';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { agents, inboxes, MESSAGE_BYTES_MAX } from '#libs/subjects';
import {
  agentDirective,
  definitionsAnswer,
  read,
  reportAnswer,
  sessionAnswer,
  wantedAnswer,
} from '#libs/agents/protocol';
import type {
  AssignMessage,
  DefinitionsRequest,
  DoorRefusal,
  FencedMessage,
  Heartbeat,
  ReportAnswer,
  ReportRequest,
  Schema,
  SessionAnswer,
  SessionRequest,
  WantedRequest,
} from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';
import type { AgentLeaf } from '#libs/subjects';
import type { Logger } from 'pino';
/** What is answered. */
type AskedLeaf = Exclude<AgentLeaf, 'heartbeat'>;

/** One agent's ear. A null answer: nobody listens, or what came was not to be understood. */
export interface AgentReceiver {
  assign(message: AssignMessage): void;
  fenced(message: FencedMessage): void;
  wantedAnswered(attempt: number, answer: WantedPage | DoorRefusal | null): void;
  sessionAnswered(attempt: number, answer: SessionAnswer | DoorRefusal | null): void;
  definitionsAnswered(requestId: number, answer: DefinitionsAnswer | DoorRefusal | null): void;
  reportAnswered(requestId: number, answer: ReportAnswer | DoorRefusal | null): void;
  connectionUp(): void;
  connectionLost(): void;
}

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
      this.#listen(agents.assign(cluster, instanceId), (message) => this.#assigned(message)),
    ];
    this.#watchConnection().catch((error: unknown) =>
      log.error({ err: error }, 'the connection is not watched any more'),
    );
  }

  /** Answers and directives for this agent go to this receiver; it is connected from now on. */
  attach(instanceId: string, receiver: AgentReceiver): void {
    this.#receivers.set(instanceId, receiver);
    receiver.connectionUp();
  }

  readWanted(instanceId: string, attempt: number, request: WantedRequest): void {
    this.#ask(instanceId, 'wanted', attempt, request);
  }

  openSession(instanceId: string, attempt: number, request: SessionRequest): void {
    this.#ask(instanceId, 'session', attempt, request);
  }

  readDefinitions(instanceId: string, requestId: number, request: DefinitionsRequest): void {
    this.#ask(instanceId, 'definitions', requestId, request);
  }

  report(instanceId: string, requestId: number, request: ReportRequest): void {
    this.#ask(instanceId, 'report', requestId, request);
  }

  heartbeat(instanceId: string, heartbeat: Heartbeat): void {
    this.#publish(agents.heartbeat(this.#cluster, instanceId), heartbeat);
  }

  close(): void {
    this.#closed = true;
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#receivers.clear();
  }

  #inbox(instanceId: string, kind: AskedLeaf | '*', number: number | '*'): string {
    return `${inboxes.agent(instanceId)}.${this.#nonce}.${kind}.${number}`;
  }

  #ask(instanceId: string, leaf: AskedLeaf, number: number, request: object): void {
    this.#publish(agents[leaf](this.#cluster, instanceId), request, this.#inbox(instanceId, leaf, number));
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
    const [, instanceId = '', , kind, number] = message.subject.split('.');
    const receiver = this.#receivers.get(instanceId);
    // A message without a body is the server's own: nobody listens on that subject.
    const body = message.data.length === 0 ? null : this.#parse(message);
    switch (kind as AskedLeaf) {
      case 'wanted':
        receiver?.wantedAnswered(Number(number), understood(wantedAnswer, body));
        break;
      case 'session':
        receiver?.sessionAnswered(Number(number), understood(sessionAnswer, body));
        break;
      case 'definitions':
        receiver?.definitionsAnswered(Number(number), understood(definitionsAnswer, body));
        break;
      case 'report':
        receiver?.reportAnswered(Number(number), understood(reportAnswer, body));
    }
  }

  #assigned(message: Msg): void {
    const { instanceId } = agents.partsOf(message.subject);
    const directive = read(agentDirective, this.#parse(message));
    const receiver = this.#receivers.get(instanceId);
    if ('rejection' in directive) this.#log.warn({ instanceId, problem: directive.rejection }, 'not a directive');
    else if ('fenced' in directive.value) receiver?.fenced(directive.value);
    else receiver?.assign(directive.value);
  }

  #parse(message: Msg): unknown {
    try {
      return message.json();
    } catch (error) {
      this.#log.warn({ err: error, subject: message.subject }, 'a message is no JSON');
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

function understood<Answer>(schema: Schema<Answer>, body: unknown): Answer | null {
  const answer = read(schema, body);
  return 'value' in answer ? answer.value : null;
}
