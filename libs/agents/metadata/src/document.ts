import type { HostTask, KnownContainer, ReadonlyKnownTask } from '#libs/agents/core';
import type { ContainerFacts } from '#libs/container-runtime';

/** A document with the members of ECS; those that have no value are absent. */
export type MetadataDocument = Readonly<Record<string, unknown>>;

/** What of a known container is shown. */
export type ShownContainer = Readonly<
  Pick<
    KnownContainer,
    'name' | 'phase' | 'runtimeId' | 'removed' | 'exitCode' | 'healthStatus' | 'startedAt' | 'restartCount'
  >
>;

/** What of a task of the host is shown. */
export interface ShownTask extends Pick<HostTask, 'wanted' | 'definition'> {
  readonly known: Pick<
    ReadonlyKnownTask,
    | 'taskId'
    | 'status'
    | 'networkInterface'
    | 'ending'
    | 'unwanted'
    | 'pullStartedAt'
    | 'pullStoppedAt'
    | 'executionStoppedAt'
  > & { readonly containers: readonly ShownContainer[]; readonly pause: ShownContainer | null };
}

/** A task and what its runtime shows of its containers, by their names. */
export interface TaskSource {
  readonly task: ShownTask;
  readonly cluster: string;
  readonly availabilityZone: string;
  readonly facts: ReadonlyMap<string, ContainerFacts>;
}

const TASK_ARN_LABEL = 'com.amazonaws.ecs.task-arn';

/** Of a task that the agent has only found on its host, what its containers are labelled with. */
export function taskArnOf({ task, facts }: TaskSource): string | undefined {
  if (task.wanted !== undefined) return task.wanted.taskArn;
  const [first] = facts.values();
  return first?.labels[TASK_ARN_LABEL];
}

/** Members that have a value. */
export function present(members: Readonly<Record<string, unknown>>): MetadataDocument {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
