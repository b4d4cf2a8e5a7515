import type { TaskDefinition } from '#libs/ecs/messages';
import { waitInCircles } from './dependencies.ts';
import { UNUSED_DEFINITIONS_MAX } from './limits.ts';

interface Held {
  readonly definition: TaskDefinition;
  /** Looked for once, not for each task. */
  readonly isCircular: boolean;
  users: number;
}

/** Task definition revisions on this host, one copy of each for all tasks. Some are kept for a while when their last task is gone. */
export class DefinitionStore {
  readonly #byArn = new Map<string, Held>();
  /** Those without a task, the longest unused first. */
  readonly #unused = new Set<string>();

  /** A revision never changes, so the first copy is kept. */
  put(arn: string, definition: TaskDefinition): void {
    if (this.#byArn.has(arn)) return;
    this.#byArn.set(arn, { definition, isCircular: waitInCircles(definition), users: 0 });
    this.#setAside(arn);
  }

  /** Counts one more user. Undefined: not here. */
  acquire(arn: string): TaskDefinition | undefined {
    const held = this.#byArn.get(arn);
    if (held === undefined) return undefined;
    held.users += 1;
    this.#unused.delete(arn);
    return held.definition;
  }

  /** Its containers wait for each other. */
  isCircular(arn: string): boolean {
    return this.#byArn.get(arn)?.isCircular === true;
  }

  release(arn: string): void {
    const held = this.#byArn.get(arn);
    if (held === undefined) return;
    held.users -= 1;
    if (held.users === 0) this.#setAside(arn);
  }

  #setAside(arn: string): void {
    this.#unused.add(arn);
    if (this.#unused.size <= UNUSED_DEFINITIONS_MAX) return;
    for (const oldest of this.#unused) {
      this.#unused.delete(oldest);
      this.#byArn.delete(oldest);
      break;
    }
  }
}
