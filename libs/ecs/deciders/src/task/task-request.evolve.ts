import type { RecordedContainer, TasksPlaced, TaskPlacementFailed, TasksRequested } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, TaskState } from '../cluster-state.ts';
import {
  onServiceTaskChanged,
  onServiceTaskPlacementFailed,
  onServiceTasksRequested,
} from '../service/service-tasks.evolve.ts';
import { rememberFailures, rememberToken } from './client-token.evolve.ts';
import { imageDigestsOf, momentOf, taskOf } from './task-moment.ts';
import { answeredFailure } from './tasks-answer.ts';

const NO_CONTAINERS: readonly RecordedContainer[] = [];

export function evolveTasksRequested(state: ClusterState, event: TasksRequested, at: number): void {
  const { taskIds, containerInstanceIds } = event;
  const { taskDefinitionArn } = event.template;
  const taskDefinition = state.taskDefinitions.get(taskDefinitionArn);
  assert(taskDefinition !== undefined, `${taskDefinitionArn} was requested before it was imported`);
  const { template, demand } = state.templates.of(event.template, event.resources, taskDefinition);
  const hasSettledImages = imageDigestsOf(state, template) !== null;
  state.requests += 1;
  const serviceTasks: TaskState[] | null = template.serviceName === undefined ? null : [];
  for (let i = 0; i < taskIds.length; i++) {
    const taskId = taskIds[i] ?? '';
    const task: TaskState = {
      taskId,
      template,
      demand,
      instanceId: null,
      askedInstanceId: containerInstanceIds?.[i] ?? null,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      createdAt: at,
      runningSince: null,
      stoppedAt: null,
      stopCode: null,
      stoppedReason: null,
      healthStatus: 'UNKNOWN',
      privateIpv4Address: null,
      hasSettledImages,
      containers: NO_CONTAINERS,
      tags: template.tags,
      assignedVersion: 0,
      clientToken: event.clientToken?.token ?? null,
    };
    assert(!state.tasks.has(taskId), `task ${taskId} was requested twice`);
    state.tasks.set(taskId, task);
    state.unplacedTasks.set(taskId, state.requests);
    serviceTasks?.push(task);
  }
  rememberToken(state, event, at);
  if (serviceTasks !== null) onServiceTasksRequested(state, serviceTasks, event.keepsStartDelay === true);
}

/** Binds tasks to instances permanently (S4) and takes the resources at once, not when the task runs. */
export function evolveTasksPlaced(state: ClusterState, event: TasksPlaced): void {
  for (const placement of event.placements) {
    const task = taskOf(state, placement.taskId);
    const instance = state.instances.get(placement.containerInstanceId);
    assert(task.instanceId === null, `task ${task.taskId} was placed twice`);
    assert(instance !== undefined, `task ${task.taskId} was placed on an instance that is unknown`);
    const before = momentOf(task);
    // Ids as they are known already: those of the event are copies, which would be kept for each task.
    const { taskId } = task;
    const { instanceId } = instance;
    state.placement.reserve(instanceId, taskId, task.demand, task.template.group);
    state.unplacedTasks.delete(taskId);
    task.instanceId = instanceId;
    task.lastStatus = event.lastStatus ?? 'PENDING';
    instance.taskIds.add(taskId);
    instance.wantedVersion += 1;
    task.assignedVersion = instance.wantedVersion;
    if (before !== null) onServiceTaskChanged(state, task, before);
  }
}

/** The tasks leave the state: only the caller knows of them, from `failures`. */
export function evolveTaskPlacementFailed(state: ClusterState, event: TaskPlacementFailed): void {
  if (event.serviceName !== undefined) onServiceTaskPlacementFailed(state, event);
  const first = state.tasks.get(event.taskIds[0] ?? '');
  for (const taskId of event.taskIds) {
    assert(taskOf(state, taskId).instanceId === null, `task ${taskId} was placed and then not`);
    state.tasks.delete(taskId);
    state.unplacedTasks.delete(taskId);
  }
  // All tasks of one such event were made by one request.
  const token = first?.clientToken ?? null;
  if (token !== null) rememberFailures(state, token, event.taskIds, event.failures.map(answeredFailure));
}
