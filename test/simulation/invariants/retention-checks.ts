import type { ClusterEvent } from '#libs/ecs/messages';
import type { EventCheck } from './event-check.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

/** What has ended can be described for an hour. */
export const RETENTION_MS = 3_600_000;
/** The clock's command comes this much later at most. */
const ELAPSE_BOUND_MS = 60_000;

/** S20 for tasks: one that has STOPPED is known for an hour, and then no longer. */
export class RetentionChecks implements EventCheck {
  readonly #model: LogModel;
  readonly #report: ReportViolation;

  constructor(model: LogModel, report: ReportViolation) {
    this.#model = model;
    this.#report = report;
  }

  before(event: ClusterEvent, at: number): void {
    if (event.type !== 'TasksForgotten') return;
    for (const taskId of event.taskIds) {
      const endedAt = this.#model.tasks.get(taskId)?.endedAt ?? null;
      if (endedAt === null) this.#report('S20', `task ${taskId} is forgotten and has not STOPPED`);
      else if (at - endedAt < RETENTION_MS) this.#report('S20', `task ${taskId} is forgotten after ${at - endedAt} ms`);
    }
  }

  /** Nothing is under way, and the log is as of this moment (ms). */
  look(at: number): void {
    for (const { taskId, endedAt } of this.#model.tasks.values()) {
      if (endedAt === null || at - endedAt <= RETENTION_MS + ELAPSE_BOUND_MS) continue;
      this.#report('S20', `task ${taskId} is still known ${at - endedAt} ms after its end`);
      return;
    }
  }
}
