import type { TasksRequested } from '#libs/ecs/messages';
import { BoundedMap } from '#libs/kernel';

/** Templates that are remembered: a cluster launches few kinds of tasks, again and again. */
const TEMPLATES_MAX = 512;

/** What tasks of equal requests share. */
type PooledTemplate = Pick<TasksRequested, 'template' | 'resources'>;

/** Templates that tasks were made from lately, each once: it saves memory and nothing else. */
export class TemplatePool {
  readonly #pooled = new BoundedMap<string, PooledTemplate>(TEMPLATES_MAX);

  of({ template, resources }: PooledTemplate): PooledTemplate {
    const text = JSON.stringify([template, resources]);
    const known = this.#pooled.get(text);
    if (known !== undefined) return known;
    const pooled = { template, resources };
    this.#pooled.set(text, pooled);
    return pooled;
  }
}
