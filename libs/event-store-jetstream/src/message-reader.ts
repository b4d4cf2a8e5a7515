import { audit } from '#libs/contracts';
import { type ForeignMessage, type StoredCommit, StoreUnavailable } from '#libs/event-store';
import { type Msg, MsgHdrsImpl, type NatsConnection } from '@nats-io/transport-node';
import { errorText, MESSAGE_NOT_FOUND } from './jetstream-api.ts';
import { storedMessage } from './stored-message.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const NOT_FOUND = 404;

interface LeaderAnswer {
  readonly message?: { readonly subject: string; readonly seq: number; readonly hdrs?: string; readonly data?: string };
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

type Query = { readonly seq: number; readonly next_by_subj?: string } | { readonly last_by_subj: string };
type Found = StoredCommit | ForeignMessage;

/** Single messages of the journal, as an auditor may read them. */
export class MessageReader {
  readonly #nc: NatsConnection;
  /** False once the stream turned out to allow no direct reads. */
  #direct = true;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  /** The message at a position, or null. @throws StoreUnavailable */
  at(streamRevision: number): Promise<Found | null> {
    return this.#read({ seq: streamRevision });
  }

  /** The first message on a subject from a position on, or null. @throws StoreUnavailable */
  nextOn(subject: string, streamRevision: number): Promise<Found | null> {
    return this.#read({ seq: streamRevision, next_by_subj: subject });
  }

  /** The last message on a subject as the leader has it, or null. @throws StoreUnavailable */
  lastOn(subject: string): Promise<Found | null> {
    return this.#fromLeader({ last_by_subj: subject });
  }

  async #read(query: Query): Promise<Found | null> {
    // A follower that is behind does not have the newest messages yet; only the leader's "not found" counts.
    return (this.#direct ? await this.#fromAnyServer(query) : null) ?? (await this.#fromLeader(query));
  }

  async #fromAnyServer(query: Query): Promise<Found | null> {
    let message: Msg;
    try {
      message = await this.#nc.request(audit.directMessage, JSON.stringify(query), { timeout: REQUEST_TIMEOUT_MS });
    } catch {
      this.#direct = false;
      return null;
    }
    const { headers } = message;
    if (headers?.code === NOT_FOUND) return null;
    const [subject, seq] = [headers?.get('Nats-Subject') ?? '', Number(headers?.get('Nats-Sequence'))];
    return seq > 0 ? storedMessage(subject, seq, headers, message.string()) : null;
  }

  async #fromLeader(query: Query): Promise<Found | null> {
    let answer: LeaderAnswer;
    try {
      const message = await this.#nc.request(audit.message, JSON.stringify(query), { timeout: REQUEST_TIMEOUT_MS });
      answer = message.json<LeaderAnswer>();
    } catch (error) {
      throw new StoreUnavailable(`the journal cannot be read: ${errorText(error)}`, { cause: error });
    }
    const { message, error } = answer;
    if (message !== undefined) {
      const { subject, seq, hdrs = '', data = '' } = message;
      const headers = MsgHdrsImpl.decode(Buffer.from(hdrs, 'base64'));
      return storedMessage(subject, seq, headers, Buffer.from(data, 'base64').toString());
    }
    if (error?.err_code === MESSAGE_NOT_FOUND) return null;
    throw new StoreUnavailable(`the journal cannot be read: ${error?.description ?? 'no answer'}`);
  }
}
