import type { NatsConnection } from '@nats-io/transport-node';
import { commands } from '#libs/subjects';

/** Short, so that a caller under faults soon tries again. */
const CALL_TIMEOUT_MS = 2_000;

/** The ECS error that a call over NATS was answered with. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** One call as the root principal. @throws Refusal, or the client's error when nobody answered */
export async function ecsCall<Output>(
  nc: NatsConnection,
  operation: string,
  input: object,
  { context = 'ecs', timeoutMs = CALL_TIMEOUT_MS } = {},
): Promise<Output> {
  const subject = commands.request('root', context, operation);
  const answer = await nc.request(subject, JSON.stringify(input), { timeout: timeoutMs });
  const status = Number(answer.headers?.get('Nats-Service-Error-Code') ?? '');
  if (status > 0) throw new Refusal(status, answer.headers?.get('Nats-Service-Error') ?? '');
  return answer.json<Output>();
}
