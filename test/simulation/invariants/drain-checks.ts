import type { DrainEnd, ObservedHost } from '../host/agent-observer.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

/** Timers of agents are whole milliseconds. */
const ROUNDING_MS = 2;

/** S30: an agent that drains ends when the log has all of its tasks as STOPPED, or at its limit. */
export class DrainChecks {
  readonly #model: LogModel;
  readonly #report: ReportViolation;

  constructor(model: LogModel, report: ReportViolation) {
    this.#model = model;
    this.#report = report;
  }

  drained({ name, instanceId }: ObservedHost, { tasksLeft, waitedMs, limitMs }: DrainEnd): void {
    if (waitedMs > limitMs + ROUNDING_MS) {
      this.#report('S30', `${name} ends after it has drained for ${waitedMs} ms, its limit is ${limitMs} ms`);
    }
    if (waitedMs >= limitMs - ROUNDING_MS) return;
    const instance = this.#model.instances.get(instanceId);
    // Lifted by a person, tasks may be on their way here.
    const mayHaveTasks = instance?.status === 'ACTIVE';
    const tasks = [...(instance?.tasks ?? [])];
    if (tasksLeft === 0 && (tasks.length === 0 || mayHaveTasks)) return;
    const facts = `${name} ends after ${waitedMs} ms of ${limitMs} ms`;
    this.#report('S30', `${facts}, with ${tasksLeft} tasks by its own count and ${tasks.length} by the log's`);
  }
}
