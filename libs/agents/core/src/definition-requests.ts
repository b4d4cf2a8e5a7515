import { DEFINITIONS_PER_REQUEST_MAX } from '#libs/agents/protocol';
import { RepeatedRequest } from './repeated-request.ts';

/** When to ask for the task definitions that are missing. */
export class DefinitionRequests {
  readonly #request = new RepeatedRequest();

  /** The next moment at which time alone lets something be sent, given that something is missing. */
  get deadline(): number | null {
    return this.#request.deadline;
  }

  /** The next request, if one may go. */
  next(
    now: number,
    missing: Iterable<string>,
  ): { readonly requestId: number; readonly taskDefinitionArns: readonly string[] } | undefined {
    if (!this.#request.mayGo(now)) return undefined;
    const taskDefinitionArns: string[] = [];
    for (const arn of missing) {
      if (taskDefinitionArns.length === DEFINITIONS_PER_REQUEST_MAX) break;
      taskDefinitionArns.push(arn);
    }
    if (taskDefinitionArns.length === 0) return undefined;
    return { requestId: this.#request.send(now), taskDefinitionArns };
  }

  /** True: the answer is for the request that is waited for. */
  answered(requestId: number): boolean {
    return this.#request.answered(requestId);
  }

  /** Not answered, or not now. */
  failed(requestId: number, now: number): void {
    this.#request.failed(requestId, now);
  }

  /** The connection is gone. */
  abandon(): void {
    this.#request.abandon();
  }
}
