import type { Chance } from '../world/chance.ts';
import type { Callers } from './callers.ts';
import { FAMILIES, TASK_DEFINITIONS } from './images.ts';
import type { LaunchKind } from './images.ts';

/** What callers know of the task definitions that they have registered. */
export class TaskDefinitionBook {
  readonly #callers: Callers;
  readonly #chance: Chance;
  /** The highest revision by family. */
  readonly #revisions = new Map<string, number>();
  readonly #isLong: boolean;

  constructor(callers: Callers, chance: Chance, isLong: boolean) {
    this.#callers = callers;
    this.#isLong = isLong;
    this.#chance = chance;
  }

  registerAll(): void {
    for (const { family } of TASK_DEFINITIONS) this.#register(family);
  }

  /** One more revision of some family. */
  registerOne(): void {
    const family = this.#chance.pick(TASK_DEFINITIONS)?.family;
    if (family !== undefined) this.#register(family);
  }

  /** A registered revision; how likely of one that fails, and of a job. Undefined: none is known yet. */
  some(failing: number, jobs: number, kind: LaunchKind): string | undefined {
    const family = this.#chance.pick(this.#families(failing, jobs, kind)) ?? '';
    const newest = this.#revisions.get(family);
    return newest === undefined ? undefined : `${family}:${this.#chance.between(1, newest)}`;
  }

  #families(failing: number, jobs: number, kind: LaunchKind): readonly string[] {
    const { lasting, failing: allFailing, neverStarting, jobs: ending } = FAMILIES[kind];
    const some = this.#chance.happens(failing)
      ? this.#isLong
        ? neverStarting
        : allFailing
      : this.#chance.happens(jobs)
        ? ending
        : lasting;
    return some.length > 0 ? some : lasting;
  }

  #register(family: string): void {
    const input = TASK_DEFINITIONS.find((definition) => definition.family === family);
    if (input === undefined) return;
    this.#callers.ask({ operation: 'RegisterTaskDefinition', input: { ...input } }, (response) => {
      if (!('output' in response)) return;
      const { revision } = (response.output as { taskDefinition: { revision: number } }).taskDefinition;
      this.#revisions.set(family, Math.max(revision, this.#revisions.get(family) ?? 0));
    });
  }
}
