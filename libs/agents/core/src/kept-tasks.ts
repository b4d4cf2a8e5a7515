/** A task that has ended, and when (ms). */
interface Ended {
  readonly known: { readonly stoppedAt: number | null };
}

/**
 * Tasks that have ended, whose end is durable and whose containers still stand, the longest ended first. There are at most
 * so many, so that a crash loop does not fill the host; a list of a hundred is searched faster than a tree.
 */
export class KeptTasks<Task extends Ended> {
  readonly #tasksMax: number;
  readonly #tasks: Task[] = [];

  constructor(tasksMax: number) {
    this.#tasksMax = tasksMax;
  }

  /** One more. @returns the one that is kept no longer because of it; undefined: there is room for all */
  add(task: Task): Task | undefined {
    let index = this.#tasks.length;
    while (index > 0 && endOf(this.#tasks[index - 1]) > endOf(task)) index -= 1;
    this.#tasks.splice(index, 0, task);
    return this.#tasks.length > this.#tasksMax ? this.#tasks.shift() : undefined;
  }

  delete(task: Task): void {
    const index = this.#tasks.indexOf(task);
    if (index >= 0) this.#tasks.splice(index, 1);
  }
}

function endOf(task: Ended | undefined): number {
  return task?.known.stoppedAt ?? 0;
}
