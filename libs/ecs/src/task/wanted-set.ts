import { arns } from '#libs/contracts';
import type { ContainerOverride, TaskDefinition, WantedSet, WantedTask } from '#libs/contracts';
import { assert } from '#libs/kernel';
import type { ClusterState, TaskState } from '../cluster-state.ts';

const NO_OVERRIDES: readonly ContainerOverride[] = [];

/** A task as its agent must have it. */
export function wantedTask(state: ClusterState, task: TaskState, taskDefinition: TaskDefinition): WantedTask {
  const { overrides } = task.template;
  const cpu = overrides?.cpu ?? taskDefinition.cpu;
  const memory = overrides?.memory ?? taskDefinition.memory;
  return {
    taskId: task.taskId,
    taskArn: arns.task(state.locale, state.clusterName, task.taskId),
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    taskDefinitionArn: taskDefinition.taskDefinitionArn,
    group: task.template.group,
    containerOverrides: overrides?.containerOverrides ?? NO_OVERRIDES,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  };
}

/** The revision that a task was made from; imported before the task was requested. */
export function taskDefinitionOf(state: ClusterState, task: TaskState): TaskDefinition {
  const taskDefinition = state.taskDefinitions.get(task.template.taskDefinitionArn);
  assert(taskDefinition !== undefined, `task ${task.taskId} was requested before its task definition was imported`);
  return taskDefinition;
}

/**
 * Everything that an agent should have, for the answer to its session: all its tasks that are not STOPPED, those told to
 * stop included. A task that is not in here must be stopped by the agent. Unknown instances have nothing.
 */
export function wantedSetOf(state: ClusterState, instanceId: string): WantedSet {
  const instance = state.instances.get(instanceId);
  const tasks: WantedTask[] = [];
  const taskDefinitions: Record<string, TaskDefinition> = {};
  for (const taskId of instance?.taskIds ?? []) {
    const task = state.tasks.get(taskId);
    assert(task !== undefined, `instance ${instanceId} holds the unknown task ${taskId}`);
    const taskDefinition = taskDefinitionOf(state, task);
    tasks.push(wantedTask(state, task, taskDefinition));
    taskDefinitions[taskDefinition.taskDefinitionArn] = taskDefinition;
  }
  return { version: instance?.wantedVersion ?? 0, tasks, taskDefinitions };
}
