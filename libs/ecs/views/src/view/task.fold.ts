import { arns, TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { RecordedContainer, TaskEvent, TaskStateChanged, TasksRequested } from '#libs/ecs/messages';
import type { EventHandlers } from './event-handlers.ts';
import { known, PoisonEvent } from './poison-event.ts';
import type { ClusterRecords, InstanceRecord, TaskRecord } from './records.ts';
import { countTask, noOutput, outdate } from './task-counting.ts';

const NO_CONTAINERS: readonly RecordedContainer[] = [];

export const taskFolds: EventHandlers<TaskEvent, [records: ClusterRecords, at: number], void> = {
  TasksRequested: requestTasks,
  TasksPlaced: ({ placements, lastStatus }, records) => {
    for (const { taskId, containerInstanceId } of placements) {
      placeTask(records, taskOf(records, taskId), instanceOf(records, containerInstanceId), lastStatus ?? 'PENDING');
    }
  },
  TaskPlacementFailed: ({ taskIds }, records) => {
    for (const taskId of taskIds) {
      const task = taskOf(records, taskId);
      dropTask(records, task);
    }
  },
  TaskStateChanged: changeTaskState,
  TaskStopRequested: ({ taskId, stopCode, stoppedReason, failedTaskCount }, records, at) => {
    const task = taskOf(records, taskId);
    refuseEnded(task);
    countTask(records, task, -1);
    stopWanting(task, at);
    task.stopCode = stopCode;
    task.stoppedReason = stoppedReason;
    setFailedTasks(task, failedTaskCount);
    countTask(records, task, 1);
    touchTask(task);
  },
  TaskStopped: ({ taskId, stopCode, stoppedReason }, records, at) => {
    const task = taskOf(records, taskId);
    refuseEnded(task);
    countTask(records, task, -1);
    task.stopCode = stopCode;
    task.stoppedReason = stoppedReason;
    endTask(task, at);
    countTask(records, task, 1);
    touchTask(task);
  },
  TasksForgotten: ({ taskIds }, records) => {
    for (const taskId of taskIds) dropTask(records, taskOf(records, taskId));
  },
};

export function taskOf(records: ClusterRecords, taskId: string): TaskRecord {
  return known(records.tasks.get(taskId), 'task', taskId);
}

export function instanceOf(records: ClusterRecords, instanceId: string): InstanceRecord {
  return known(records.instances.get(instanceId), 'container instance', instanceId);
}

/** STOPPED is final (S6). */
function refuseEnded(task: TaskRecord): void {
  if (task.lastStatus === 'STOPPED') throw new PoisonEvent(`task ${task.taskId} has STOPPED already`);
}

function touchTask(task: TaskRecord): void {
  task.version += 1;
  outdate(task.cached);
}

function requestTasks({ taskIds, ...event }: TasksRequested, records: ClusterRecords, at: number): void {
  const cluster = known(records.cluster, 'cluster of task', taskIds.join(', '));
  const { taskDefinitionArn, serviceName, deploymentId } = event.template;
  const taskDefinition = known(records.taskDefinitions.get(taskDefinitionArn), 'task definition', taskDefinitionArn);
  const service = serviceName === undefined ? null : known(records.services.get(serviceName), 'service', serviceName);
  const deployment =
    service === null || deploymentId === undefined
      ? null
      : known(
          service.deployments.find((one) => one.deploymentId === deploymentId),
          'deployment',
          deploymentId,
        );
  const { template, resources } = records.templates.of(event);
  for (const taskId of taskIds) {
    if (records.tasks.has(taskId)) throw new PoisonEvent(`task ${taskId} was requested before`);
    const task: TaskRecord = {
      taskId,
      arn: arns.task(cluster.locale, cluster.clusterName, taskId),
      ordinal: records.ordinals++,
      template,
      taskDefinition,
      resources,
      service,
      deployment,
      instance: null,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      version: 0,
      createdAt: at,
      connected: null,
      connectivityAt: null,
      pullStartedAt: null,
      pullStoppedAt: null,
      startedAt: null,
      stoppingAt: null,
      executionStoppedAt: null,
      stoppedAt: null,
      stopCode: null,
      stoppedReason: null,
      healthStatus: 'UNKNOWN',
      networkInterface: null,
      containers: NO_CONTAINERS,
      tags: template.tags,
      cached: noOutput(),
    };
    records.tasks.set(taskId, task);
    service?.tasks.add(task);
    countTask(records, task, 1);
  }
}

function placeTask(
  records: ClusterRecords,
  task: TaskRecord,
  instance: InstanceRecord,
  lastStatus: 'PROVISIONING' | 'PENDING',
): void {
  if (task.instance !== null) throw new PoisonEvent(`task ${task.taskId} is placed already`);
  countTask(records, task, -1);
  task.instance = instance;
  if (TASK_STATUS_RANK[task.lastStatus] < TASK_STATUS_RANK[lastStatus]) task.lastStatus = lastStatus;
  instance.tasks.add(task);
  instance.cpuTaken += task.resources.cpu;
  instance.memoryTaken += task.resources.memory;
  for (const port of task.resources.tcpPorts) instance.tcpPortsTaken.add(port);
  for (const port of task.resources.udpPorts) instance.udpPortsTaken.add(port);
  instance.version += 1;
  countTask(records, task, 1);
  touchTask(task);
}

/** Gives back what the task took from its instance: at STOPPED, once. */
function releaseResources(task: TaskRecord): void {
  const { instance, resources } = task;
  if (instance === null) return;
  instance.cpuTaken -= resources.cpu;
  instance.memoryTaken -= resources.memory;
  for (const port of resources.tcpPorts) instance.tcpPortsTaken.delete(port);
  for (const port of resources.udpPorts) instance.udpPortsTaken.delete(port);
  instance.version += 1;
}

function changeTaskState(event: TaskStateChanged, records: ClusterRecords, at: number): void {
  const { lastStatus } = event;
  const task = taskOf(records, event.taskId);
  refuseEnded(task);
  if (TASK_STATUS_RANK[lastStatus] < TASK_STATUS_RANK[task.lastStatus]) {
    throw new PoisonEvent(`task ${task.taskId} would go back from ${task.lastStatus} to ${lastStatus}`);
  }
  countTask(records, task, -1);
  takeReport(task, event);
  if (task.connected === null) {
    task.connected = true;
    task.connectivityAt = at;
  }
  if (lastStatus === 'RUNNING') task.startedAt ??= at;
  if (lastStatus === 'STOPPED') {
    task.stopCode ??= event.stopCode ?? null;
    task.stoppedReason ??= event.stoppedReason ?? null;
    endTask(task, at);
  } else {
    task.lastStatus = lastStatus;
    // A task that ends by itself is wanted no longer: ECS shows desiredStatus STOPPED from the moment it stops.
    if (TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK.STOPPING) stopWanting(task, at);
  }
  setFailedTasks(task, event.failedTaskCount);
  countTask(records, task, 1);
  touchTask(task);
}

/** The whole known state; a moment that is not named stays as it was. */
function takeReport(task: TaskRecord, report: TaskStateChanged): void {
  task.containers = report.containers;
  task.networkInterface = report.networkInterface ?? task.networkInterface;
  task.healthStatus = report.healthStatus ?? 'UNKNOWN';
  task.pullStartedAt = report.pullStartedAt ?? task.pullStartedAt;
  task.pullStoppedAt = report.pullStoppedAt ?? task.pullStoppedAt;
  task.startedAt = report.startedAt ?? task.startedAt;
  task.executionStoppedAt = report.executionStoppedAt ?? task.executionStoppedAt;
}

function stopWanting(task: TaskRecord, at: number): void {
  task.desiredStatus = 'STOPPED';
  task.stoppingAt ??= at;
}

function endTask(task: TaskRecord, at: number): void {
  stopWanting(task, at);
  task.lastStatus = 'STOPPED';
  task.stoppedAt = at;
  task.containers = task.containers.map(endContainer);
  releaseResources(task);
}

function setFailedTasks({ deployment }: TaskRecord, failedTaskCount: number | undefined): void {
  if (deployment !== null) deployment.failedTasks = failedTaskCount ?? deployment.failedTasks;
}

function endContainer(container: RecordedContainer): RecordedContainer {
  return container.lastStatus === 'STOPPED' ? container : { ...container, lastStatus: 'STOPPED' };
}

function dropTask(records: ClusterRecords, task: TaskRecord): void {
  countTask(records, task, -1);
  if (task.lastStatus !== 'STOPPED') releaseResources(task);
  records.tasks.delete(task.taskId);
  task.instance?.tasks.delete(task);
  task.service?.tasks.delete(task);
}
