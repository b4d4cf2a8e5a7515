import type { TaskReport } from '#libs/ecs/messages';
import { AGENT_MESSAGE_BYTES_MAX } from '#libs/agents/protocol';
import { REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';
import { backoffMs, jsonBytes } from '#libs/kernel';
import { ANSWER_TIMEOUT_MS, RETRY_MS_MAX, RETRY_MS_MIN } from './limits.ts';

/** What a request carried: the task's state up to that revision. */
interface Carried {
  readonly taskId: string;
  readonly revision: number;
}

/** Where the newest state of a task comes from at the moment of sending; undefined: nothing to report any more. */
export type ReportSource = (taskId: string) => { readonly report: TaskReport; readonly revision: number } | undefined;

/**
 * Reports are levels: only the newest state of a task is sent, one request at a time, and again until it is answered.
 * While one is on its way, others gather for the next.
 */
export class ReportQueue {
  readonly #taskIds = new Set<string>();
  #inFlight: { readonly requestId: number; readonly carried: readonly Carried[]; readonly deadline: number } | null =
    null;
  #lastRequestId = 0;
  #failures = 0;
  #retryAt = 0;
  /** Requests still to be sent one by one, to find the report that is refused. */
  #single = 0;

  add(taskId: string): void {
    this.#taskIds.add(taskId);
  }

  /** The next moment at which time alone lets something be sent. */
  get deadline(): number | null {
    if (this.#inFlight !== null) return this.#inFlight.deadline;
    return this.#taskIds.size > 0 && this.#retryAt > 0 ? this.#retryAt : null;
  }

  /** The next request, if one may go. */
  next(now: number, source: ReportSource): { readonly requestId: number; readonly reports: TaskReport[] } | undefined {
    if (this.#inFlight !== null && now >= this.#inFlight.deadline) this.failed(this.#inFlight.requestId, now);
    if (this.#inFlight !== null || now < this.#retryAt || this.#taskIds.size === 0) return undefined;
    const reports: TaskReport[] = [];
    const carried: Carried[] = [];
    const reportsMax = this.#single > 0 ? 1 : REPORTS_PER_REQUEST_MAX;
    let bytes = 0;
    for (const taskId of this.#taskIds) {
      if (reports.length === reportsMax) break;
      const current = source(taskId);
      if (current !== undefined) bytes += jsonBytes(current.report);
      // The others go with the next request; one report alone always goes.
      if (bytes > AGENT_MESSAGE_BYTES_MAX && reports.length > 0) break;
      this.#taskIds.delete(taskId);
      if (current === undefined) continue;
      reports.push(current.report);
      carried.push({ taskId, revision: current.revision });
    }
    if (reports.length === 0) return undefined;
    if (this.#single > 0) this.#single -= 1;
    this.#retryAt = 0;
    this.#lastRequestId += 1;
    this.#inFlight = { requestId: this.#lastRequestId, carried, deadline: now + ANSWER_TIMEOUT_MS };
    return { requestId: this.#lastRequestId, reports };
  }

  /** Durable: what the log has now. Empty for an answer that is no longer awaited. */
  accepted(requestId: number): readonly Carried[] {
    const carried = this.#take(requestId);
    if (carried.length > 0) this.#failures = 0;
    return carried;
  }

  /** Not answered, or not now: all of it goes again after a pause, in its newest state. */
  failed(requestId: number, now: number): void {
    const carried = this.#take(requestId);
    if (carried.length === 0) return;
    for (const { taskId } of carried) this.#taskIds.add(taskId);
    this.#failures += 1;
    this.#retryAt = now + backoffMs(this.#failures, RETRY_MS_MIN, RETRY_MS_MAX);
  }

  /** Refused as malformed. Answers the one report that it must be, or nothing and goes on one by one to find it. */
  malformed(requestId: number): Carried | undefined {
    const carried = this.#take(requestId);
    if (carried.length === 1) return carried[0];
    for (const { taskId } of carried) this.#taskIds.add(taskId);
    this.#single = Math.max(this.#single, carried.length);
    return undefined;
  }

  /** The connection is gone: what is on its way will not be answered. A new one starts without a pause. */
  abandon(): void {
    for (const { taskId } of this.#inFlight?.carried ?? []) this.#taskIds.add(taskId);
    this.#inFlight = null;
    this.#failures = 0;
    this.#retryAt = 0;
  }

  #take(requestId: number): readonly Carried[] {
    if (this.#inFlight === null || this.#inFlight.requestId !== requestId) return [];
    const { carried } = this.#inFlight;
    this.#inFlight = null;
    return carried;
  }
}
