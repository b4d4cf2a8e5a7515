import type {
  RecordedContainer,
  RecordedNetworkBinding,
  RecordedNetworkInterface,
  RecordedPlacementFailure,
  TaskEvent,
  TaskTemplate,
} from '#libs/ecs/messages';
import { countByReason } from '../public-events/service-events.ts';
import type { EventHandlers } from '../view/event-handlers.ts';
import { counted, isDeployment, isInstance, isService, isTask, isTaskDefinition, revisionName } from './about.ts';
import type { About, Summary } from './about.ts';

export const taskSummaries: EventHandlers<TaskEvent, [about: About], Summary> = {
  TasksRequested: ({ taskIds, template }, about) => {
    const { taskDefinitionArn, serviceName, deploymentId, group } = template;
    const revision = revisionName(taskDefinitionArn);
    const owner = [serviceName === undefined ? `group ${group}` : `service ${serviceName}`, deploymentId]
      .filter((part) => part !== undefined)
      .join(', ');
    if (taskIds.some((taskId) => isTask(about, taskId)))
      return `requested from ${revision} for ${owner} (${launchWords(template)})`;
    if (isService(about, serviceName) || isDeployment(about, deploymentId)) {
      return `${counted(taskIds.length, 'task')} requested from ${revision} for ${deploymentId ?? 'it'}: ${taskIds.join(', ')}`;
    }
    return isTaskDefinition(about, taskDefinitionArn)
      ? `${counted(taskIds.length, 'task')} requested for ${owner}`
      : null;
  },
  TasksPlaced: ({ placements, lastStatus }, about) => {
    const waits = lastStatus === 'PROVISIONING' ? ', which gives it an address first' : '';
    const own = placements.find(({ taskId }) => isTask(about, taskId));
    if (own !== undefined) return `placed on container instance ${own.containerInstanceId}${waits}`;
    const here = placements.filter(({ containerInstanceId }) => isInstance(about, containerInstanceId));
    if (here.length === 0) return null;
    return `${counted(here.length, 'task')} placed here: ${here.map(({ taskId }) => taskId).join(', ')}`;
  },
  TaskPlacementFailed: ({ taskIds, failures, serviceName }, about) => {
    if (taskIds.some((taskId) => isTask(about, taskId))) return `not placed: ${refusalWords(failures)}`;
    if (!isService(about, serviceName) && !taskIds.some((taskId) => about.ownTasks.has(taskId))) return null;
    return `${counted(taskIds.length, 'task')} not placed: ${refusalWords(failures)}`;
  },
  TaskStateChanged: ({ taskId, containers, lastStatus, stoppedReason, stopCode, networkInterface }, about) => {
    const ending = lastStatus === 'STOPPED';
    const words = ending ? endWords(stopCode, stoppedReason) : lastStatus;
    if (isTask(about, taskId)) return `${words}${addressWords(networkInterface)}${containerWords(containers)}`;
    if (!ending || !about.ownTasks.has(taskId)) return null;
    return `task ${taskId} ${words}${containerWords(containers)}`;
  },
  TaskStopRequested: ({ taskId, stopCode, stoppedReason }, about) =>
    aboutTask(about, taskId, `stop requested: ${stoppedReason} (${stopCode})`),
  TaskStopped: ({ taskId, stopCode, stoppedReason }, about) =>
    aboutTask(about, taskId, `${endWords(stopCode, stoppedReason)}, without its agent's word`),
  TasksForgotten: ({ taskIds }, about) =>
    taskIds.some((taskId) => isTask(about, taskId)) ? 'left the views: it was stopped long enough ago' : null,
};

function launchWords({ launchType, capacityProviderName }: TaskTemplate): string {
  return capacityProviderName === undefined ? launchType : `${launchType}, capacity provider ${capacityProviderName}`;
}

function aboutTask(about: About, taskId: string, words: string): Summary {
  if (isTask(about, taskId)) return words;
  return about.ownTasks.has(taskId) ? `task ${taskId} ${words}` : null;
}

function endWords(stopCode: string | undefined, reason: string | undefined): string {
  const why = [reason, stopCode === undefined ? undefined : `(${stopCode})`].filter((part) => part !== undefined);
  return why.length === 0 ? 'STOPPED' : `STOPPED: ${why.join(' ')}`;
}

/**
 * Why no container instance took a task: every reason, with what exactly was missing and the number of instances that gave
 * it, the commonest first; a reason of the whole cluster as it is.
 */
export function refusalWords(failures: readonly RecordedPlacementFailure[]): string {
  const whole = failures.filter(({ containerInstanceId }) => containerInstanceId === null);
  const refusing = failures.filter(({ containerInstanceId }) => containerInstanceId !== null);
  const words = [
    ...whole.map(wholeReason),
    ...countByReason(refusing.map((failure) => ({ reason: wholeReason(failure) }))).map(
      ({ reason, count }) => `${reason} on ${counted(count, 'container instance')}`,
    ),
  ];
  return words.length === 0 ? 'no reason was given' : words.join(', ');
}

function wholeReason({ reason, detail }: RecordedPlacementFailure): string {
  return detail === undefined ? reason : `${reason} (${detail})`;
}

function addressWords(networkInterface: RecordedNetworkInterface | undefined): string {
  if (networkInterface === undefined) return '';
  const { privateIpv4Address, ipv6Address, macAddress, subnetId } = networkInterface;
  const addresses = ipv6Address === undefined ? privateIpv4Address : `${privateIpv4Address}, ${ipv6Address}`;
  return `, with the address ${addresses} (${macAddress}) of subnet ${subnetId}`;
}

function containerWords(containers: readonly RecordedContainer[]): string {
  return containers.length === 0 ? '' : ` [${containers.map(oneContainer).join('; ')}]`;
}

function oneContainer(container: RecordedContainer): string {
  const { name, lastStatus, exitCode, reason, networkBindings = [], healthStatus, gpuIds = [] } = container;
  const parts = [`${name} ${lastStatus}`];
  if (exitCode !== undefined) parts.push(`exit code ${exitCode}`);
  if (reason !== undefined) parts.push(reason);
  parts.push(...networkBindings.map(bindingWords));
  if (gpuIds.length > 0) parts.push(`GPU ${gpuIds.join(', ')}`);
  if (healthStatus !== undefined && healthStatus !== 'UNKNOWN') parts.push(healthStatus);
  return parts.join(', ');
}

function bindingWords(binding: RecordedNetworkBinding): string {
  const { bindIP, hostPort, containerPort, hostPortRange, containerPortRange, protocol } = binding;
  if (containerPortRange !== undefined) return `ports ${bindIP}:${hostPortRange}->${containerPortRange}/${protocol}`;
  return `port ${bindIP}:${hostPort}->${containerPort}/${protocol}`;
}
