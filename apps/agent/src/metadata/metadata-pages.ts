import { metadataEndpointId } from '#libs/agents/core';
import { containerDocument, containersOf, statsDocument, taskDocument } from '#libs/agents/metadata';
import type { MetadataRoute, ShownContainer, ShownTask, TaskSource } from '#libs/agents/metadata';
import type { ContainerFacts, ContainerRuntime, ContainerStats } from '#libs/container-runtime';
import { BoundedMap } from '#libs/kernel';

export interface MetadataPagesOptions {
  readonly cluster: string;
  readonly availabilityZone: string;
  readonly task: (taskId: string) => ShownTask | undefined;
  readonly runtime: Pick<ContainerRuntime, 'describe' | 'stats'>;
}

const TASK_ID_CHARACTERS = 32;
/** Readings that are kept to be compared with the next ones. */
const READINGS_MAX = 1000;

/** What containers can read, each page as it is now. */
export class MetadataPages {
  readonly #options: MetadataPagesOptions;
  readonly #readings = new BoundedMap<string, ContainerStats>(READINGS_MAX);

  constructor(options: MetadataPagesOptions) {
    this.#options = options;
  }

  /**
   * @returns undefined: no container here has that endpoint id; null: a container without statistics yet
   * @throws RuntimeProblem the engine does not answer
   */
  async read({ endpointId, page }: MetadataRoute): Promise<object | null | undefined> {
    const taskId = endpointId.slice(0, TASK_ID_CHARACTERS);
    const task = this.#options.task(taskId);
    const container = task && containersOf(task).find(({ name }) => metadataEndpointId(taskId, name) === endpointId);
    if (task === undefined || container === undefined) return undefined;
    switch (page) {
      case 'container':
        return containerDocument(await this.#source(task, withNetworkOwner(task, container)), container);
      case 'task':
      case 'taskWithTags':
        return taskDocument(await this.#source(task, containersOf(task)), page === 'taskWithTags');
      case 'stats':
        return await this.#stats(task, container);
      case 'taskStats':
        return await this.#taskStats(task);
    }
  }

  async #source(task: ShownTask, containers: readonly ShownContainer[]): Promise<TaskSource> {
    const { cluster, availabilityZone, runtime } = this.#options;
    const withSize = task.wanted?.launchType === 'FARGATE';
    const described = await Promise.all(
      containers.map(async ({ name, runtimeId, removed }): Promise<readonly (readonly [string, ContainerFacts])[]> => {
        const facts = runtimeId === null || removed ? null : await runtime.describe(runtimeId, withSize);
        return facts === null ? [] : [[name, facts]];
      }),
    );
    return { task, cluster, availabilityZone, facts: new Map(described.flat()) };
  }

  async #stats({ known }: ShownTask, { runtimeId }: ShownContainer): Promise<ContainerStats | null> {
    const { runtime } = this.#options;
    if (runtimeId === null) return null;
    const ownerId = known.pause?.runtimeId ?? null;
    const [now, owner] = await Promise.all([
      runtime.stats(runtimeId),
      known.networkInterface === null || ownerId === null || ownerId === runtimeId ? null : runtime.stats(ownerId),
    ]);
    if (now === null) return null;
    const document = statsDocument(now, this.#readings.get(runtimeId), owner);
    this.#readings.set(runtimeId, document);
    return document;
  }

  async #taskStats(task: ShownTask): Promise<object> {
    const made = containersOf(task).filter(({ runtimeId, removed }) => runtimeId !== null && !removed);
    const stats = await Promise.all(made.map((container) => this.#stats(task, container)));
    return Object.fromEntries(made.map(({ runtimeId }, index) => [runtimeId ?? '', stats[index] ?? null]));
  }
}

/** The address of a task of mode awsvpc is that of its pause container. */
function withNetworkOwner({ known }: ShownTask, container: ShownContainer): readonly ShownContainer[] {
  return known.pause === null || known.pause === container ? [container] : [container, known.pause];
}
