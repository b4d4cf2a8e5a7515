import type { RecordedTaskResources, TaskDefinition, TaskTemplate } from '#libs/ecs/messages';
import type { TaskDemand } from '#libs/ecs/placement';
import { demandFor } from './demand.ts';

/** Templates that are remembered: a cluster launches few kinds of tasks, again and again. */
const TEMPLATES_MAX = 512;

/** What tasks of equal requests share. */
export interface PooledTemplate {
  readonly template: TaskTemplate;
  readonly demand: TaskDemand;
}

/** Templates that tasks were made from lately, each once. It saves memory and nothing else: no rule may see who shares. */
export class TemplatePool {
  readonly #pooled = new Map<string, PooledTemplate>();

  of(template: TaskTemplate, resources: RecordedTaskResources, taskDefinition: TaskDefinition): PooledTemplate {
    const text = JSON.stringify([template, resources]);
    let pooled = this.#pooled.get(text);
    if (pooled !== undefined) return pooled;
    pooled = { template, demand: demandFor(resources, taskDefinition, template.overrides) };
    for (const oldest of this.#pooled.keys()) {
      if (this.#pooled.size < TEMPLATES_MAX) break;
      this.#pooled.delete(oldest);
    }
    this.#pooled.set(text, pooled);
    return pooled;
  }
}
