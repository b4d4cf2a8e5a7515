import { StoreUnavailable } from '#libs/event-store';
import type { ConnectionWatch } from './connection-watch.ts';

/** The error object of a JetStream answer. */
export interface ApiErrorBody {
  readonly code: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** JetStream answered, and the answer is no. */
export class JetStreamRefusal extends Error {
  /** See the server's list of errors, e.g. 10059 = stream not found. */
  readonly errCode: number;

  constructor(subject: string, { code, err_code, description }: ApiErrorBody) {
    super(`${subject}: ${description ?? 'refused'} (${code}/${err_code ?? 0})`);
    this.name = 'JetStreamRefusal';
    this.errCode = err_code ?? 0;
  }
}

export const STREAM_NOT_FOUND = 10059;
export const MESSAGE_NOT_FOUND = 10037;

/** Long enough for a busy disk, short enough that the caller is not taken for dead. */
const API_TIMEOUT_MS = 5_000;

/** The subject of an operation of the JetStream API. */
export const apiSubject = (operation: string): string => `$JS.API.${operation}`;

/**
 * One request to the JetStream API, which the stream's leader answers. Asked again over a connection that came back, so
 * only for requests that may arrive twice.
 * @throws StoreUnavailable if there is no answer, JetStreamRefusal if it is an error
 */
export async function askJetStream<Answer>(
  connection: ConnectionWatch,
  subject: string,
  body: object = {},
): Promise<Answer> {
  const deadline = performance.now() + API_TIMEOUT_MS;
  for (;;) {
    const timeout = deadline - performance.now();
    if (!(await connection.waitUntilConnected(timeout))) throw new StoreUnavailable(`${subject}: not connected`);
    const message = await connection.unlessLost(
      connection.nc
        .request(subject, JSON.stringify(body), { timeout: Math.max(1, timeout) })
        .catch((error: unknown) => {
          throw new StoreUnavailable(`${subject} is not answered: ${errorText(error)}`, { cause: error });
        }),
      null,
    );
    if (message === null) continue;
    const answer = message.json<Answer & { readonly error?: ApiErrorBody }>();
    if (answer.error !== undefined) throw new JetStreamRefusal(subject, answer.error);
    return answer;
  }
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
