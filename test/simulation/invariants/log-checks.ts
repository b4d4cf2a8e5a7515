import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { ClusterEvent } from '#libs/ecs/messages';
import type { LogModel } from './log-model.ts';
import type { ModelInstance, ModelService, ModelTask } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

/** A RUNNING task without a health check counts as healthy after this long (ARCHITECTURE.md). */
export const HEALTHY_AFTER_MS = 5_000;
/** Who stops tasks of services on its own account. */
const CONTROLLER = 'service-controller';

/** Checks one event of a cluster against what the log said before it. */
export function checkBefore(model: LogModel, event: ClusterEvent, at: number, report: ReportViolation): void {
  switch (event.type) {
    case 'ContainerInstanceRegistered':
      if (model.instances.has(event.containerInstanceId))
        report('S14', `instance ${event.containerInstanceId} is registered again`);
      break;
    case 'ContainerInstanceConnected':
      if (model.instances.get(event.containerInstanceId)?.status === 'INACTIVE') {
        report('S14', `the deregistered instance ${event.containerInstanceId} is connected again`);
      }
      break;
    case 'TasksRequested':
      for (const taskId of event.taskIds) if (model.tasks.has(taskId)) report('S13', `task ${taskId} is made twice`);
      break;
    case 'TasksPlaced':
      for (const { taskId, containerInstanceId } of event.placements) {
        checkPlacement(model, taskId, containerInstanceId, report);
      }
      break;
    case 'TaskStateChanged':
      checkTransition(model.tasks.get(event.taskId), event.taskId, event.lastStatus, report);
      break;
    case 'TaskStopped':
      checkTransition(model.tasks.get(event.taskId), event.taskId, 'STOPPED', report);
      break;
    case 'TaskStopRequested':
      checkStop(model, event, at, report);
      break;
    default:
  }
}

/** Checks what the log says with the event in it. */
export function checkAfter(model: LogModel, event: ClusterEvent, report: ReportViolation): void {
  if (event.type === 'TasksPlaced') {
    for (const { containerInstanceId } of event.placements) {
      checkInstance(model.instances.get(containerInstanceId), report);
    }
  }
  const { serviceName } = event.type === 'TasksRequested' ? event.template : { serviceName: undefined };
  if (serviceName !== undefined) checkMaximum(model.services.get(serviceName), report);
}

function checkPlacement(model: LogModel, taskId: string, instanceId: string, report: ReportViolation): void {
  const task = model.tasks.get(taskId);
  const instance = model.instances.get(instanceId);
  if (task === undefined) return report('S4', `the unknown task ${taskId} is placed`);
  if (task.instanceId !== null) report('S4', `task ${taskId} on ${task.instanceId} is placed again on ${instanceId}`);
  if (instance?.status !== 'ACTIVE' || !instance.connected) {
    const state = instance === undefined ? 'unknown' : `${instance.status}, connected ${instance.connected}`;
    report('S14', `task ${taskId} is placed on ${instanceId}, which is ${state}`);
  }
}

/** S7 and S8, recounted from the tasks. */
export function checkInstance(instance: ModelInstance | undefined, report: ReportViolation): void {
  if (instance === undefined) return;
  const taken = takenOf(instance);
  const { cpu, memory, reservedTcpPorts, reservedUdpPorts } = instance.resources;
  if (taken.cpu > cpu || taken.memory > memory) {
    report('S7', `${instance.instanceId} has ${cpu}/${memory}, its tasks take ${taken.cpu}/${taken.memory}`);
  }
  const owned = new Set([
    ...reservedTcpPorts.map((port) => `tcp/${port}`),
    ...reservedUdpPorts.map((port) => `udp/${port}`),
  ]);
  for (const port of taken.ports) {
    if (owned.has(port)) report('S8', `port ${port} of ${instance.instanceId} has two owners`);
    owned.add(port);
  }
}

/** What the tasks on an instance take together. */
export function takenOf(instance: ModelInstance): { cpu: number; memory: number; ports: string[] } {
  let cpu = 0;
  let memory = 0;
  const ports: string[] = [];
  for (const task of instance.tasks) {
    cpu += task.cpu;
    memory += task.memory;
    ports.push(...task.ports);
  }
  return { cpu, memory, ports };
}

function checkTransition(
  task: ModelTask | undefined,
  taskId: string,
  next: ModelTask['lastStatus'],
  report: ReportViolation,
): void {
  if (task === undefined) return report('S5', `the unknown task ${taskId} changes`);
  const goesBack = TASK_STATUS_RANK[next] < TASK_STATUS_RANK[task.lastStatus];
  if (goesBack || task.lastStatus === 'STOPPED') report('S5', `task ${taskId} goes from ${task.lastStatus} to ${next}`);
}

/** Tasks that are wanted and not over: what maximumPercent counts. */
export function liveTasks(service: ModelService): ModelTask[] {
  return [...service.tasks].filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
}

function checkMaximum(service: ModelService | undefined, report: ReportViolation): void {
  if (service === undefined) return;
  const { desiredCount, spec } = service;
  const upper = Math.floor((desiredCount * spec.deploymentConfiguration.maximumPercent) / 100);
  const live = liveTasks(service).length;
  if (live > upper) report('S10', `${service.serviceName} starts tasks and has ${live}, more than ${upper}`);
}

export function isHealthy(task: ModelTask, at: number): boolean {
  if (task.lastStatus !== 'RUNNING' || task.desiredStatus !== 'RUNNING') return false;
  if (task.hasHealthCheck) return task.healthStatus === 'HEALTHY';
  return task.runningSince !== null && at >= task.runningSince + HEALTHY_AFTER_MS;
}

/** A healthy task that the controller stops must leave enough healthy ones. */
function checkStop(
  model: LogModel,
  event: Extract<ClusterEvent, { type: 'TaskStopRequested' }>,
  at: number,
  report: ReportViolation,
): void {
  const task = model.tasks.get(event.taskId);
  if (task === undefined) return report('S5', `the unknown task ${event.taskId} is to stop`);
  const service = model.services.get(task.template.serviceName ?? '');
  if (event.by !== CONTROLLER || service?.status !== 'ACTIVE' || !isHealthy(task, at)) return;
  const { desiredCount, spec } = service;
  const lower = Math.ceil((desiredCount * spec.deploymentConfiguration.minimumHealthyPercent) / 100);
  const healthy = [...service.tasks].filter((other) => isHealthy(other, at)).length;
  if (healthy - 1 < lower) {
    report('S10', `${service.serviceName} stops a healthy task and keeps ${healthy - 1}, fewer than ${lower}`);
  }
}

/** Tasks by what they do: RUNNING, or not RUNNING yet. */
export function countOf(tasks: Iterable<ModelTask>): { readonly running: number; readonly pending: number } {
  let running = 0;
  let pending = 0;
  for (const { lastStatus } of tasks) {
    if (lastStatus === 'RUNNING') running += 1;
    else if (TASK_STATUS_RANK[lastStatus] < TASK_STATUS_RANK.RUNNING) pending += 1;
  }
  return { running, pending };
}
