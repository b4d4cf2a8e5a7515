import type { HostTask } from '#libs/agents/core';
import type { ContainerFacts } from '#libs/container-runtime';

/** A document with the members of ECS; those that have no value are absent. */
export type MetadataDocument = Readonly<Record<string, unknown>>;

/** A task and what its runtime shows of its containers, by their names. */
export interface TaskSource {
  readonly task: HostTask;
  readonly cluster: string;
  readonly availabilityZone: string;
  readonly facts: ReadonlyMap<string, ContainerFacts>;
}

/** Members that have a value. */
export function present(members: Readonly<Record<string, unknown>>): MetadataDocument {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
