import type { ContainerDefinition, TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { alignContainers, newContainer, newTask } from '../src/known.ts';
import type { KnownContainer, KnownTask } from '../src/known.ts';

export const DEFINITION_ARN = 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:1';

export function taskIdOf(index: number): string {
  return index.toString(16).padStart(32, '0');
}

export function containerDefinition(name: string, members: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {
    name,
    image: `${name}:1`,
    cpu: 0,
    essential: true,
    portMappings: [],
    environment: [],
    ...members,
  };
}

export function taskDefinition(...containers: readonly ContainerDefinition[]): TaskDefinition {
  return {
    taskDefinitionArn: DEFINITION_ARN,
    family: 'web',
    revision: 1,
    networkMode: 'bridge',
    placementConstraints: [],
    containerDefinitions: containers.length === 0 ? [containerDefinition('app')] : containers,
  };
}

export function wantedTask(members: Partial<WantedTask> = {}): WantedTask {
  const taskId = members.taskId ?? taskIdOf(1);
  return {
    taskId,
    taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${taskId}`,
    desiredStatus: 'RUNNING',
    lastStatus: 'PENDING',
    taskDefinitionArn: DEFINITION_ARN,
    group: 'family:web',
    containerOverrides: [],
    ...members,
  };
}

/** The task of that number. */
export function wantedTaskOf(index: number, members: Partial<WantedTask> = {}): WantedTask {
  return wantedTask({ taskId: taskIdOf(index), ...members });
}

/** The task of that number, to be stopped. */
export function stoppingTaskOf(index: number): WantedTask {
  return wantedTaskOf(index, { desiredStatus: 'STOPPED' });
}

export function knownContainer(name: string, members: Partial<KnownContainer> = {}): KnownContainer {
  const made = members.phase === 'CREATED' || members.phase === 'RUNNING' || members.phase === 'STOPPED';
  const ran = members.phase === 'RUNNING' || members.phase === 'STOPPED';
  return {
    ...newContainer(name),
    ...(made ? { runtimeId: `id-${name}` } : {}),
    ...(ran ? { startedAt: 500 } : {}),
    ...members,
  };
}

/** A known task with its definition's containers, those given in their given state. */
export function knownTask(
  definition: TaskDefinition,
  containers: readonly KnownContainer[] = [],
  members: Partial<KnownTask> = {},
): KnownTask {
  const known: KnownTask = { ...newTask(taskIdOf(1)), containers: [...containers], ...members };
  alignContainers(known, definition);
  return known;
}
