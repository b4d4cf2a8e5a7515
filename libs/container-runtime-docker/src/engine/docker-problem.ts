import { RuntimeProblem } from '#libs/container-runtime';
import type { RuntimeErrorName } from '#libs/container-runtime';
import { member, numberMember, textMember } from './untyped-members.ts';

/** The HTTP status of an answer of Docker's API; undefined: there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return numberMember(error, 'statusCode');
}

/**
 * An error of the Docker client in ECS's words. Without an answer the outcome is unknown, so it is worth another look; an
 * answer is final, unless `retry` says otherwise.
 */
export function problemOf(name: RuntimeErrorName, error: unknown, retry = false): RuntimeProblem {
  if (error instanceof RuntimeProblem) return error;
  if (statusOf(error) === undefined) return new RuntimeProblem(name, connectionText(error), true);
  return new RuntimeProblem(name, `Error response from daemon: ${daemonText(error)}`, retry);
}

/** What the daemon said, without what the client puts around it. */
export function daemonText(error: unknown): string {
  const text = textMember(member(error, 'json'), 'message') ?? messageOf(error);
  return text.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function connectionText(error: unknown): string {
  return `Cannot connect to the Docker daemon. Is the docker daemon running? (${messageOf(error)})`;
}

/** Docker's client has calls that never settle when the daemon dies in the middle of an answer; ours always do. */
export async function bounded<Value>(call: Promise<Value>, timeoutMs: number, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const detail = `Could not transition to ${what}; timed out after waiting ${timeoutMs / 1000}s`;
      reject(new RuntimeProblem('DockerTimeoutError', detail, true));
    }, timeoutMs);
  });
  try {
    return await Promise.race([call, expired]);
  } finally {
    clearTimeout(timer);
  }
}
