import type { TaskOutput } from '#libs/ecs/messages';
import { taskOutput } from '../output/task.output.ts';
import type { ServiceRecord, TaskRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { invalidParameter } from './answer.ts';
import type { QueryResult } from './answer.ts';
import { describeInCluster, nextTokenMember } from './describe.ts';
import type { Described, DescribeLimit, Listed } from './describe.ts';
import { LIST_LIMITS, pageOf } from './paging.ts';
import type { PageInput } from './paging.ts';
import { resolveCluster } from './resolve-cluster.ts';
import type { ResolvedCluster } from './resolve-cluster.ts';
import { findContainerInstance, findService } from './resolve-in-cluster.ts';

const TASKS: DescribeLimit = { itemsMax: 100, tooManyWords: 'taskIds', emptyWords: 'Tasks' };

export interface DescribeTasksInput {
  readonly cluster?: string;
  readonly tasks: readonly string[];
  readonly include?: readonly string[];
}

export function describeTasks(
  views: ViewDirectory,
  input: DescribeTasksInput,
): QueryResult<Described<'tasks', TaskOutput>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const { view, cluster } = where.value;
  const withTags = input.include?.includes('TAGS') ?? false;
  return describeInCluster(where.value, input.tasks, {
    kind: 'task',
    limit: TASKS,
    member: 'tasks',
    describe: (id) => {
      const task = view.tasks.get(id);
      return task && taskOutput(cluster, task, withTags);
    },
  });
}

export interface ListTasksInput extends PageInput {
  readonly cluster?: string;
  readonly containerInstance?: string;
  readonly family?: string;
  readonly serviceName?: string;
  readonly daemonName?: string;
  readonly launchType?: string;
  readonly desiredStatus?: string;
  readonly startedBy?: string;
}

/**
 * All filters together, by task id. desiredStatus defaults to RUNNING, which also lists tasks that are still starting: the
 * filter is on the desired status.
 */
export function listTasks(views: ViewDirectory, input: ListTasksInput): QueryResult<Listed<'taskArns'>> {
  const where = resolveCluster(views, input.cluster);
  if ('rejection' in where) return where;
  const { containerInstance, family, serviceName, daemonName, launchType, startedBy } = input;
  const others = [containerInstance, family, serviceName, daemonName, launchType];
  if (startedBy !== undefined && others.some((filter) => filter !== undefined)) {
    return invalidParameter('cannot specify startedBy with other arguments');
  }
  const candidates = candidateTasks(where.value, input);
  if ('rejection' in candidates) return candidates;
  const page = pageOf(input, {
    operation: 'ListTasks',
    limits: LIST_LIMITS,
    items: candidates.value,
    filter: taskFilter(input),
    sorted: false,
    keyOf: ({ taskId }) => taskId,
    behind: (key) => (task) => task.taskId > key,
  });
  if ('rejection' in page) return page;
  return { value: { taskArns: page.items.map((task) => task.arn), ...nextTokenMember(page) } };
}

/** The smallest set that the view keeps and that holds every task asked for. */
function candidateTasks(where: ResolvedCluster, input: ListTasksInput): QueryResult<Iterable<TaskRecord>> {
  const { serviceName, containerInstance } = input;
  const service = serviceName === undefined ? undefined : findService(where, serviceName);
  if (service !== undefined && 'rejection' in service) return service;
  const instance = containerInstance === undefined ? undefined : findContainerInstance(where, containerInstance);
  if (instance !== undefined && 'rejection' in instance) return instance;
  if (service === undefined) return { value: instance?.value.tasks ?? where.view.tasks.values() };
  const listed = listedTasks(service.value);
  return { value: instance === undefined ? listed : listed.filter((task) => task.instance === instance.value) };
}

/** A service's tasks; those of a deployment that has left it are described, but not listed any more. */
function listedTasks({ tasks, deployments }: ServiceRecord): readonly TaskRecord[] {
  return [...tasks].filter(({ deployment }) => deployment !== null && deployments.includes(deployment));
}

function taskFilter(input: ListTasksInput): (task: TaskRecord) => boolean {
  const { family, launchType, startedBy, daemonName, desiredStatus = 'RUNNING' } = input;
  // ECS takes PENDING and never sets it; daemons make no tasks here.
  if (desiredStatus === 'PENDING' || daemonName !== undefined) return () => false;
  return (task) =>
    task.desiredStatus === desiredStatus &&
    (family === undefined || task.taskDefinition.family === family) &&
    (launchType === undefined || task.template.launchType === launchType) &&
    (startedBy === undefined || task.template.startedBy === startedBy);
}
