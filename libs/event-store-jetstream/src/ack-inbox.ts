import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NoRespondersError,
  PermissionViolationError,
  TimeoutError,
} from '@nats-io/transport-node';
import { inboxPrefixOf } from './connection-watch.ts';

interface Waiting {
  readonly subject: string;
  readonly resolve: (message: Msg) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const NO_RESPONDERS = 503;

/**
 * Where acknowledgements of appends come in. For each of its requests the client library makes an error with a stack trace
 * before it hands over the response, and that on the path that every caller of a command waits for.
 */
export class AckInbox {
  readonly #nc: NatsConnection;
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  #isOpen = false;
  #count = 0;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
    this.#inbox = createInbox(inboxPrefixOf(nc));
  }

  /**
   * The response to one message.
   * @throws NoRespondersError, PermissionViolationError, TimeoutError, or what `publish` throws: then nothing was sent
   */
  request(subject: string, payload: Uint8Array, headers: MsgHdrs, timeoutMs: number): Promise<Msg> {
    if (!this.#isOpen) this.#open();
    const reply = `${this.#inbox}.${(this.#count += 1)}`;
    return new Promise((resolve, reject) => {
      this.#nc.publish(subject, payload, { reply, headers });
      const timer = setTimeout(() => this.#take(reply)?.reject(new TimeoutError()), timeoutMs).unref();
      this.#waiting.set(reply, { subject, resolve, reject, timer });
    });
  }

  #open(): void {
    this.#isOpen = true;
    this.#nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        // The reason that the server gives is also a status of the connection.
        if (error === null) this.#received(message);
      },
    });
    void this.#watchRefusals();
  }

  #received(message: Msg): void {
    const waiting = this.#take(message.subject);
    if (waiting === null) return;
    const isAnswered = message.data.length > 0 || message.headers?.code !== NO_RESPONDERS;
    if (isAnswered) waiting.resolve(message);
    else waiting.reject(new NoRespondersError(waiting.subject));
  }

  /** A message that the server does not take from this user is answered by a word to the whole connection. */
  async #watchRefusals(): Promise<void> {
    for await (const status of this.#nc.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      const { error } = status;
      for (const [reply, { subject }] of this.#waiting) {
        if (error.operation === 'publish' && error.subject === subject) this.#take(reply)?.reject(error);
      }
    }
  }

  #take(reply: string): Waiting | null {
    const waiting = this.#waiting.get(reply);
    if (waiting === undefined) return null;
    this.#waiting.delete(reply);
    clearTimeout(waiting.timer);
    return waiting;
  }
}
