import { arns, wantedSum } from '#libs/ecs/messages';
import type {
  DefinitionsAnswer,
  WantedPage,
  ContainerOverride,
  Rejection,
  TaskDefinition,
  TaskTemplate,
  WantedSum,
  WantedTask,
} from '#libs/ecs/messages';
import { assert, jsonBytes } from '#libs/kernel';
import type { ClusterState, InstanceState, TaskState } from '../cluster-state.ts';
import { instanceInactive } from '../shared/rejections.ts';
import { imageDigestsOf } from './task-moment.ts';
import { wantedVolumes } from './volume-configurations.ts';

const NO_OVERRIDES: readonly ContainerOverride[] = [];

/** A task as its agent must have it. */
export function wantedTask(state: ClusterState, task: TaskState): WantedTask {
  const { overrides } = task.template;
  const taskDefinition = taskDefinitionOf(state, task);
  // Those that were settled when it was made, as long as it may run: its deployment is known until then.
  const hasImages = task.hasSettledImages && task.desiredStatus === 'RUNNING';
  const imageDigests = hasImages ? imageDigestsOf(state, task.template) : null;
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
    ...wantedLaunch(task.template),
    ...wantedNetwork(task.template),
    ...wantedVolumes(task.template.volumeConfigurations),
    ...(imageDigests !== null && { imageDigests }),
    ...(task.tags.length > 0 && { tags: task.tags }),
  };
}

function wantedLaunch({
  launchType,
  ephemeralStorageGiB,
}: TaskTemplate): Pick<WantedTask, 'launchType' | 'ephemeralStorageGiB'> {
  if (launchType === 'EC2') return {};
  return { launchType, ...(ephemeralStorageGiB !== undefined && { ephemeralStorageGiB }) };
}

/** Where the task gets its address from; only tasks of network mode awsvpc have such a configuration. */
function wantedNetwork({ networkConfiguration }: TaskTemplate): Pick<WantedTask, 'network'> {
  const { awsvpcConfiguration } = networkConfiguration ?? {};
  if (awsvpcConfiguration === undefined) return {};
  const { subnets, securityGroups = [], assignPublicIp } = awsvpcConfiguration;
  return { network: { subnets, securityGroups, assignPublicIp: assignPublicIp === 'ENABLED' } };
}

/** The revision that a task was made from; imported before the task was requested. */
export function taskDefinitionOf(state: ClusterState, task: TaskState): TaskDefinition {
  const taskDefinition = state.taskDefinitions.get(task.template.taskDefinitionArn);
  assert(taskDefinition !== undefined, `task ${task.taskId} was requested before its task definition was imported`);
  return taskDefinition;
}

/** The tasks that an agent should have: all of its instance that are not STOPPED, those that are to stop included. */
function wantedTasksOf(state: ClusterState, instance: InstanceState): TaskState[] {
  return Array.from(instance.taskIds, (taskId) => {
    const task = state.tasks.get(taskId);
    assert(task !== undefined, `instance ${instance.instanceId} holds the unknown task ${taskId}`);
    return task;
  });
}

/** What the wanted set of an instance comes to. Unknown instances have an empty one. */
export function wantedSumOf(state: ClusterState, instanceId: string): WantedSum {
  const instance = state.instances.get(instanceId);
  return instance === undefined ? wantedSum(0, []) : wantedSum(instance.wantedVersion, wantedTasksOf(state, instance));
}

/**
 * As much of an instance's wanted set as fits into that many bytes of JSON, at least one task: in the order of their ids,
 * from the first one after `after`. Refused for an instance that is no longer registered: its agent must stop everything.
 */
export function wantedPageOf(
  state: ClusterState,
  instanceId: string,
  after: string | null,
  bytesMax: number,
): WantedPage | Rejection {
  const instance = state.instances.get(instanceId);
  if (instance?.status === 'DEREGISTERING' || state.inactiveInstanceIds.has(instanceId)) {
    return instanceInactive(instanceId);
  }
  if (instance === undefined) return { version: 0, tasks: [], next: null };
  const left = wantedTasksOf(state, instance).filter(({ taskId }) => after === null || taskId > after);
  left.sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
  const tasks: WantedTask[] = [];
  let bytes = 0;
  for (const task of left) {
    const wanted = wantedTask(state, task);
    bytes += jsonBytes(wanted);
    if (bytes > bytesMax && tasks.length > 0) break;
    tasks.push(wanted);
  }
  const next = tasks.length < left.length ? (tasks.at(-1)?.taskId ?? null) : null;
  return { version: instance.wantedVersion, tasks, next };
}

/**
 * The definitions of an instance's tasks by ARN, as many as fit into that many bytes of JSON, at least one. An agent sees
 * those of its own tasks only.
 */
export function definitionsFor(
  state: ClusterState,
  instanceId: string,
  taskDefinitionArns: readonly string[],
  bytesMax: number,
): Omit<DefinitionsAnswer, 'term'> {
  const own = new Set<string>();
  for (const taskId of state.instances.get(instanceId)?.taskIds ?? []) {
    own.add(state.tasks.get(taskId)?.template.taskDefinitionArn ?? '');
  }
  const taskDefinitions: Record<string, TaskDefinition> = {};
  const unknown: string[] = [];
  let bytes = 0;
  for (const arn of taskDefinitionArns) {
    const taskDefinition = own.has(arn) ? state.taskDefinitions.get(arn) : undefined;
    if (taskDefinition === undefined) {
      unknown.push(arn);
      continue;
    }
    bytes += jsonBytes(taskDefinition);
    if (bytes > bytesMax && Object.keys(taskDefinitions).length > 0) break;
    taskDefinitions[arn] = taskDefinition;
  }
  return { taskDefinitions, unknown };
}
