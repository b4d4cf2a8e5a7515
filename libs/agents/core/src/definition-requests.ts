import { DEFINITIONS_PER_REQUEST_MAX } from '#libs/agents/protocol';
import { backoffMs } from '#libs/kernel';
import { ANSWER_TIMEOUT_MS, RETRY_MS_MAX, RETRY_MS_MIN } from './limits.ts';

/** When to ask for the task definitions that are missing: one request at a time, again after a pause while none is answered. */
export class DefinitionRequests {
  #inFlight: { readonly requestId: number; readonly deadline: number } | null = null;
  #lastRequestId = 0;
  #failures = 0;
  #retryAt = 0;

  /** The next moment at which time alone lets something be sent, given that something is missing. */
  get deadline(): number | null {
    if (this.#inFlight !== null) return this.#inFlight.deadline;
    return this.#retryAt > 0 ? this.#retryAt : null;
  }

  /** The next request, if one may go. */
  next(
    now: number,
    missing: Iterable<string>,
  ): { readonly requestId: number; readonly taskDefinitionArns: readonly string[] } | undefined {
    if (this.#inFlight !== null && now >= this.#inFlight.deadline) this.failed(this.#inFlight.requestId, now);
    if (this.#inFlight !== null || now < this.#retryAt) return undefined;
    const taskDefinitionArns: string[] = [];
    for (const arn of missing) {
      if (taskDefinitionArns.length === DEFINITIONS_PER_REQUEST_MAX) break;
      taskDefinitionArns.push(arn);
    }
    if (taskDefinitionArns.length === 0) return undefined;
    this.#retryAt = 0;
    this.#lastRequestId += 1;
    this.#inFlight = { requestId: this.#lastRequestId, deadline: now + ANSWER_TIMEOUT_MS };
    return { requestId: this.#lastRequestId, taskDefinitionArns };
  }

  /** True: the answer is for the request that is waited for. */
  answered(requestId: number): boolean {
    if (this.#inFlight?.requestId !== requestId) return false;
    this.#inFlight = null;
    this.#failures = 0;
    return true;
  }

  /** Not answered, or not now. */
  failed(requestId: number, now: number): void {
    if (this.#inFlight?.requestId !== requestId) return;
    this.#inFlight = null;
    this.#failures += 1;
    this.#retryAt = now + backoffMs(this.#failures, RETRY_MS_MIN, RETRY_MS_MAX);
  }

  /** The connection is gone: a new one starts without a pause. */
  abandon(): void {
    this.#inFlight = null;
    this.#failures = 0;
    this.#retryAt = 0;
  }
}
