import type { TaskReport } from '#libs/ecs/messages';
import { AGENT_MESSAGE_BYTES_MAX } from '#libs/agents/protocol';
import { REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';
import { jsonBytes } from '#libs/kernel';
import { RepeatedRequest } from './repeated-request.ts';

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
  readonly #request = new RepeatedRequest();
  /** By the request that is on its way. */
  #carried: readonly Carried[] = [];
  /** Requests still to be sent one by one, to find the report that is refused. */
  #single = 0;

  add(taskId: string): void {
    this.#taskIds.add(taskId);
  }

  /** The next moment at which time alone lets something be sent. */
  get deadline(): number | null {
    return this.#carried.length > 0 || this.#taskIds.size > 0 ? this.#request.deadline : null;
  }

  /** The next request, if one may go. */
  next(now: number, source: ReportSource): { readonly requestId: number; readonly reports: TaskReport[] } | undefined {
    const lost = this.#request.overdue(now);
    if (lost !== undefined) this.failed(lost, now);
    if (this.#taskIds.size === 0 || !this.#request.mayGo(now)) return undefined;
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
    this.#carried = carried;
    return { requestId: this.#request.send(now), reports };
  }

  /** Durable: what the log has now. Empty for an answer that is no longer awaited. */
  accepted(requestId: number): readonly Carried[] {
    return this.#request.answered(requestId) ? this.#take() : [];
  }

  /** Not answered, or not now: all of it goes again after a pause, in its newest state. */
  failed(requestId: number, now: number): void {
    if (!this.#request.failed(requestId, now)) return;
    for (const { taskId } of this.#take()) this.#taskIds.add(taskId);
  }

  /** Refused as malformed. Answers the one report that it must be, or nothing and goes on one by one to find it. */
  malformed(requestId: number): Carried | undefined {
    if (!this.#request.answered(requestId)) return undefined;
    const carried = this.#take();
    if (carried.length === 1) return carried[0];
    for (const { taskId } of carried) this.#taskIds.add(taskId);
    this.#single = Math.max(this.#single, carried.length);
    return undefined;
  }

  /** The connection is gone. */
  abandon(): void {
    for (const { taskId } of this.#take()) this.#taskIds.add(taskId);
    this.#request.abandon();
  }

  #take(): readonly Carried[] {
    const carried = this.#carried;
    this.#carried = [];
    return carried;
  }
}
