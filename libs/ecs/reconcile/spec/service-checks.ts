import type { ClusterEvent, TasksRequested, TaskStopRequested } from '#libs/ecs/messages';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { ClusterState, ServiceState, TaskState } from '#libs/ecs/deciders';

const HEALTHY_AFTER_MS = 5_000;

/*
 * What must hold after every event, found from the tasks alone and without any code of the controller.
 */

function tasksOf(state: ClusterState, { serviceName }: ServiceState): TaskState[] {
  return [...state.tasks.values()].filter(
    ({ template, lastStatus }) => template.serviceName === serviceName && lastStatus !== 'STOPPED',
  );
}

function isLive({ desiredStatus }: TaskState): boolean {
  return desiredStatus === 'RUNNING';
}

function isPending({ lastStatus }: TaskState): boolean {
  return TASK_STATUS_RANK[lastStatus] < TASK_STATUS_RANK.RUNNING;
}

function fail(what: string): never {
  throw new Error(what);
}

/** S22: the counters are those of the tasks. */
export function checkCounters(state: ClusterState, event: ClusterEvent): void {
  for (const service of state.services.values()) {
    const tasks = tasksOf(state, service);
    const ids = tasks.map(({ taskId }) => taskId).sort();
    if (ids.join() !== [...service.taskIds].sort().join()) fail(`${event.type}: taskIds of ${service.serviceName}`);
    for (const deployment of service.deployments) {
      const own = tasks.filter(({ template }) => template.deploymentId === deployment.deploymentId);
      const live = own.filter(isLive);
      const counted = {
        pending: live.filter(isPending).length,
        running: live.filter((task) => !isPending(task)).length,
        stopping: own.length - live.length,
      };
      const { pendingCount: pending, runningCount: running, stoppingCount: stopping } = deployment;
      const [kept, recount] = [JSON.stringify({ pending, running, stopping }), JSON.stringify(counted)];
      if (kept !== recount) fail(`${event.type}: counted ${recount}, kept ${kept}`);
      for (const taskId of deployment.unsettled.keys()) {
        if (!live.some((task) => task.taskId === taskId && !isPending(task)))
          fail(`${event.type}: unsettled ${taskId}`);
      }
    }
    const known = new Set(service.deployments.map(({ deploymentId }) => deploymentId));
    for (const { template, taskId } of tasks.filter(isLive)) {
      if (!known.has(template.deploymentId ?? '')) fail(`${event.type}: ${taskId} is wanted by a retired deployment`);
    }
  }
}

/** S11: one PRIMARY, the newest. */
export function checkPrimary({ deployments, status, spec, serviceName }: ServiceState): void {
  const [primary, ...older] = deployments;
  if (primary === undefined) fail(`${serviceName} has no deployment`);
  if (status === 'ACTIVE' && primary.taskDefinitionArn !== spec.taskDefinitionArn)
    fail(`${serviceName} runs another revision`);
  for (const deployment of older) {
    if (deployment.createdAt > primary.createdAt) fail(`${deployment.deploymentId} is newer than the primary one`);
  }
}

/** S10, upper: what we start stays within maximumPercent. */
export function checkStart(state: ClusterState, { template }: TasksRequested): void {
  const service = state.services.get(template.serviceName ?? '');
  if (service === undefined) return;
  const { maximumPercent } = service.spec.deploymentConfiguration;
  const live = tasksOf(state, service).filter(isLive).length;
  const max = Math.floor((service.desiredCount * maximumPercent) / 100);
  if (live > max) fail(`${live} tasks live, at most ${max} may`);
}

export function healthyCount(state: ClusterState, service: ServiceState, at: number): number {
  return tasksOf(state, service).filter((task) => isLive(task) && isHealthy(state, task, at)).length;
}

function isHealthy(state: ClusterState, task: TaskState, at: number): boolean {
  if (isPending(task)) return false;
  const definition = state.taskDefinitions.get(task.template.taskDefinitionArn);
  const isChecked = definition?.containerDefinitions.some(({ healthCheck }) => healthCheck !== undefined) ?? false;
  if (isChecked) return task.healthStatus === 'HEALTHY';
  return at - (task.runningSince ?? at) >= HEALTHY_AFTER_MS;
}

/** S10, lower: no healthy task is stopped by us below minimumHealthyPercent. */
export function checkStop(
  state: ClusterState,
  service: ServiceState,
  event: TaskStopRequested,
  healthyBefore: number,
  at: number,
): void {
  if (event.stopCode !== 'ServiceSchedulerInitiated' || service.status !== 'ACTIVE') return;
  const { minimumHealthyPercent } = service.spec.deploymentConfiguration;
  const min = Math.ceil((service.desiredCount * minimumHealthyPercent) / 100);
  const healthy = healthyCount(state, service, at);
  if (healthy < healthyBefore && healthy < min) fail(`${healthy} healthy tasks are left, at least ${min} must be`);
}
