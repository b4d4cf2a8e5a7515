import { audit, JOURNAL_STREAM } from '#libs/subjects';
import { type ForeignMessage, type StoredCommit, StoreUnavailable } from '#libs/event-store';
import { type Msg, MsgHdrsImpl, type NatsConnection } from '@nats-io/transport-node';
import { apiSubject, errorText, MESSAGE_NOT_FOUND } from './jetstream-api.ts';
import { storedMessage } from './stored-message.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const NOT_FOUND = 404;

interface LeaderAnswer {
  readonly message?: { readonly subject: string; readonly seq: number; readonly hdrs?: string; readonly data?: string };
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

type Query = { readonly seq: number; readonly next_by_subj?: string } | { readonly last_by_subj: string };
export type Found = StoredCommit | ForeignMessage;

/** Where single messages of the journal are asked for. */
export interface ReadSubjects {
  readonly info: string;
  readonly message: string;
  readonly directMessage: string;
}

/** In the account of the journal itself. */
export const OWNER_SUBJECTS: ReadSubjects = {
  info: apiSubject(`STREAM.INFO.${JOURNAL_STREAM}`),
  message: apiSubject(`STREAM.MSG.GET.${JOURNAL_STREAM}`),
  directMessage: apiSubject(`DIRECT.GET.${JOURNAL_STREAM}`),
};

/** Single messages of the journal. */
export class MessageReader {
  readonly #nc: NatsConnection;
  readonly #subjects: ReadSubjects;
  /** False once the stream turned out to allow no direct reads. */
  #direct = true;

  constructor(nc: NatsConnection, subjects: ReadSubjects = audit) {
    this.#nc = nc;
    this.#subjects = subjects;
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
      message = await this.#nc.request(this.#subjects.directMessage, JSON.stringify(query), {
        timeout: REQUEST_TIMEOUT_MS,
      });
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
      const message = await this.#nc.request(this.#subjects.message, JSON.stringify(query), {
        timeout: REQUEST_TIMEOUT_MS,
      });
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
