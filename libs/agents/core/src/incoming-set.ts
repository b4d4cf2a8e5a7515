import { wantedSum } from '#libs/ecs/messages';
import type { WantedPage, WantedSum, WantedTask } from '#libs/ecs/messages';

/** A wanted set while it is read, page by page. Nothing is done with it before the control plane has accepted it as whole. */
export class IncomingSet {
  readonly tasks: WantedTask[] = [];
  #version: number | null = null;

  /** Takes the next page. False: the set has changed since the first page, and the reading is void. */
  add({ version, tasks }: WantedPage): boolean {
    this.#version ??= version;
    for (const task of tasks) this.tasks.push(task);
    return version === this.#version;
  }

  get sum(): WantedSum {
    return wantedSum(this.#version ?? 0, this.tasks);
  }
}
