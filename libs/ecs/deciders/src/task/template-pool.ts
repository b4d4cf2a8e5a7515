import type { RecordedTaskResources, TaskDefinition, TaskTemplate } from '#libs/ecs/messages';
import type { TaskDemand } from '#libs/ecs/placement';
import { BoundedMap } from '#libs/kernel';
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
  readonly #pooled = new BoundedMap<string, PooledTemplate>(TEMPLATES_MAX);

  of(template: TaskTemplate, resources: RecordedTaskResources, taskDefinition: TaskDefinition): PooledTemplate {
    const text = JSON.stringify([template, resources]);
    const known = this.#pooled.get(text);
    if (known !== undefined) return known;
    const pooled = { template, demand: demandFor(resources, taskDefinition, template.overrides) };
    this.#pooled.set(text, pooled);
    return pooled;
  }
}
