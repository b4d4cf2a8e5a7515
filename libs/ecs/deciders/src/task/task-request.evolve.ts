import type { ContainerReport, TasksPlaced, TasksPlacementFailed, TasksRequested } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, TaskState } from '../cluster-state.ts';
import { onServiceTaskChanged, onServiceTasksPlacementFailed, onServiceTasksRequested } from '../service/index.ts';
import { rememberFailures, rememberToken } from './client-token.ts';
import { momentOf, taskOf } from './task-moment.ts';

const NO_CONTAINERS: readonly ContainerReport[] = [];

export function evolveTasksRequested(state: ClusterState, event: TasksRequested, at: number): void {
  const { taskIds, instanceIds } = event;
  const { taskDefinitionArn } = event.template;
  const taskDefinition = state.taskDefinitions.get(taskDefinitionArn);
  assert(taskDefinition !== undefined, `${taskDefinitionArn} was requested before it was imported`);
  const { template, demand } = state.templates.of(event.template, taskDefinition);
  state.requests += 1;
  const serviceTasks: TaskState[] | null = template.serviceName === undefined ? null : [];
  for (let i = 0; i < taskIds.length; i++) {
    const taskId = taskIds[i] ?? '';
    const task: TaskState = {
      taskId,
      template,
      demand,
      instanceId: null,
      askedInstanceId: instanceIds?.[i] ?? null,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      createdAt: at,
      runningSince: null,
      stoppedAt: null,
      stopCode: null,
      stoppedReason: null,
      healthStatus: 'UNKNOWN',
      containers: NO_CONTAINERS,
      tags: template.tags,
      assignedVersion: 0,
      clientToken: event.clientToken ?? null,
    };
    assert(!state.tasks.has(taskId), `task ${taskId} was requested twice`);
    state.tasks.set(taskId, task);
    state.unplacedTasks.set(taskId, state.requests);
    serviceTasks?.push(task);
  }
  rememberToken(state, event, at);
  if (serviceTasks !== null) onServiceTasksRequested(state, serviceTasks);
}

/** Binds tasks to instances for ever (S4) and takes the resources at once, not when the task runs. */
export function evolveTasksPlaced(state: ClusterState, event: TasksPlaced): void {
  for (const { taskId, instanceId } of event.placements) {
    const task = taskOf(state, taskId);
    const instance = state.instances.get(instanceId);
    assert(task.instanceId === null, `task ${taskId} was placed twice`);
    assert(instance !== undefined, `task ${taskId} was placed on the unknown instance ${instanceId}`);
    const before = momentOf(task);
    state.placement.reserve(instanceId, taskId, task.demand, task.template.group);
    state.unplacedTasks.delete(taskId);
    task.instanceId = instanceId;
    task.lastStatus = 'PENDING';
    instance.taskIds.add(taskId);
    instance.wantedVersion += 1;
    task.assignedVersion = instance.wantedVersion;
    if (before !== null) onServiceTaskChanged(state, task, before);
  }
}

/** The tasks leave the state: nobody was ever told about them but the caller, in `failures`. */
export function evolveTasksPlacementFailed(state: ClusterState, event: TasksPlacementFailed, at: number): void {
  if (event.serviceName !== undefined) onServiceTasksPlacementFailed(state, event, at);
  const first = state.tasks.get(event.taskIds[0] ?? '');
  for (const taskId of event.taskIds) {
    assert(taskOf(state, taskId).instanceId === null, `task ${taskId} was placed and then not`);
    state.tasks.delete(taskId);
    state.unplacedTasks.delete(taskId);
  }
  // All tasks of one such event were made by one request.
  const token = first?.clientToken ?? null;
  if (token !== null) rememberFailures(state, token, event.taskIds, event.failures);
}
