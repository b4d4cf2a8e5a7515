import { STOPPED_TASKS_KEPT_MAX } from '../host/sim-host.ts';
import type { SimHost } from '../host/sim-host.ts';
import type { ReportViolation } from './violation.ts';

/** An agent removes what it keeps too much within this time, also when its engine loses calls. */
const REMOVAL_BOUND_MS = 30_000;

/** S31: of the tasks whose end an agent knows to be durable, no more than its limit keep their containers. */
export class KeptChecks {
  readonly #report: ReportViolation;
  /** Since when there are too many (ms), by life of an agent. */
  readonly #tooManySince = new Map<string, number>();

  constructor(report: ReportViolation) {
    this.#report = report;
  }

  look(hosts: readonly SimHost[], now: number): void {
    for (const host of hosts) {
      const life = `${host.name}/${host.process.life}`;
      const kept = host.engine.isAway ? 0 : host.countKeptTasks(now);
      if (kept <= STOPPED_TASKS_KEPT_MAX) {
        this.#tooManySince.delete(life);
        continue;
      }
      const since = this.#tooManySince.get(life) ?? now;
      this.#tooManySince.set(life, since);
      if (now >= since + REMOVAL_BOUND_MS) {
        this.#report('S31', `${host.name} has kept too many ended tasks for ${now - since} ms; now there are ${kept}`);
      }
    }
  }
}
