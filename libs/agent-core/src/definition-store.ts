import type { TaskDefinition } from '#libs/contracts';

/** Task definition revisions in use on this host, one copy of each for all tasks: every directive carries its own. */
export class DefinitionStore {
  readonly #byArn = new Map<string, { readonly definition: TaskDefinition; users: number }>();

  /** Counts one more user. `sent` is the copy that just came; a revision never changes, so the first copy is kept. */
  acquire(arn: string, sent: TaskDefinition | undefined): TaskDefinition | undefined {
    const held = this.#byArn.get(arn);
    if (held !== undefined) {
      held.users += 1;
      return held.definition;
    }
    if (sent !== undefined) this.#byArn.set(arn, { definition: sent, users: 1 });
    return sent;
  }

  release(arn: string): void {
    const held = this.#byArn.get(arn);
    if (held === undefined) return;
    held.users -= 1;
    if (held.users === 0) this.#byArn.delete(arn);
  }
}
