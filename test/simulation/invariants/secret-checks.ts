import type { StoredCommit } from '#libs/event-store';
import { CANARY } from '../workload/canaries.ts';
import type { ReportViolation } from './violation.ts';

/** Values of environment variables stand in members of this name, and nowhere else. */
const MEMBER = 'environment';

/**
 * S17: every environment value of the simulated task definitions and overrides holds a canary. It may stand where the
 * caller has put it, in `environment`, and in nothing that is written about it: reasons, messages, answers, log lines.
 */
export class SecretChecks {
  readonly #report: ReportViolation;

  constructor(report: ReportViolation) {
    this.#report = report;
  }

  /** A commit as it is stored. */
  stored({ shard, revision, text }: StoredCommit): void {
    if (text.includes(CANARY)) this.#walk(JSON.parse(text), `commit ${revision} of ${shard}`);
  }

  /** A value that leaves the product: an answer, a response, a report. */
  left(what: string, value: unknown): void {
    if (JSON.stringify(value)?.includes(CANARY) === true) this.#walk(value, what);
  }

  /** A line that a person will read. */
  line(who: string, text: string): void {
    if (text.includes(CANARY)) this.#report('S17', `${who} says "${text}"`);
  }

  #walk(value: unknown, path: string): void {
    if (typeof value === 'string') {
      if (value.includes(CANARY)) this.#report('S17', `a canary stands at ${path}`);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [member, item] of Object.entries(value)) {
      if (member !== MEMBER) this.#walk(item, `${path}/${member}`);
    }
  }
}
