import { arns } from '#libs/ecs/messages';
import { canonicalJson } from '#libs/kernel';
import { describeContainerInstances, describeServices, describeTasks } from '#libs/ecs/views';
import type { QueryResult, ViewDirectory } from '#libs/ecs/views';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import { CLUSTER, CLUSTER_SHARD, LOCALE } from '../world/names.ts';
import type { Auditor } from './auditor.ts';
import { countOf, liveTasks } from './log-checks.ts';
import { isPoolInstance } from './model-records.ts';
import type { ModelDeployment, ModelInstance, ModelService, ModelTask } from './model-records.ts';
import { RETENTION_MS } from './retention-checks.ts';
import type { ReportViolation } from './violation.ts';

/** What DescribeServices takes at once. */
const SERVICES_PER_CALL_MAX = 10;
const OTHERS_PER_CALL_MAX = 100;

type Members = Readonly<Record<string, unknown>>;

/** A response's item with the members that are compared, and the same of the log. */
interface Pair {
  readonly what: string;
  readonly shown: Members | undefined;
  readonly right: Members;
}

/**
 * S11, S17, S20, S21 and S22: what readers are answered is what the log says. Only while a view stands where the model
 * stands.
 */
export function checkViews(auditor: Auditor, controlPlane: SimControlPlane, report: ReportViolation): void {
  const { name } = controlPlane;
  const views = controlPlane.viewsOf('ecs') as ViewDirectory | undefined;
  const head = auditor.headOf(CLUSTER_SHARD);
  if (views === undefined || head.revision === 0 || views.revisionOf(CLUSTER_SHARD) !== head.revision) return;
  const { model, secrets } = auditor;
  const compare = ({ what, shown, right }: Pair): void => {
    const [is, should] = [canonicalJson(only(shown, right)), canonicalJson(right)];
    if (is !== should)
      report(differsInCounts(shown, right) ? 'S22' : 'S21', `${name} shows ${what} as ${is}, not ${should}`);
  };
  const tasks = describe(views, 'tasks', [...model.tasks.keys()], 'taskArn');
  secrets.left('DescribeTasks', [...tasks.values()]);
  for (const task of model.tasks.values()) compare(taskPair(task, tasks.get(arns.task(LOCALE, CLUSTER, task.taskId))));
  const kept = views.cluster(CLUSTER)?.tasks.size;
  if (kept !== model.tasks.size) report('S20', `${name} knows ${kept ?? 0} tasks, the log ${model.tasks.size}`);

  const instanceIds = [...model.instances.keys()];
  const instances = describe(views, 'containerInstances', instanceIds, 'containerInstanceArn');
  secrets.left('DescribeContainerInstances', [...instances.values()]);
  for (const instance of model.instances.values()) {
    const shown = instances.get(arns.containerInstance(LOCALE, CLUSTER, instance.instanceId));
    if (isPoolInstance(instance)) {
      if (shown !== undefined) report('S27', `${name} shows ${instance.instanceId}, a host of the Fargate pool`);
      continue;
    }
    if (instance.status !== 'INACTIVE') compare(instancePair(instance, shown));
    checkRetention(`instance ${instance.instanceId}`, instance.inactiveAt, shown !== undefined);
  }

  const services = describe(views, 'services', [...model.services.keys()], 'serviceName');
  secrets.left('DescribeServices', [...services.values()]);
  for (const service of model.services.values()) {
    const shown = services.get(service.serviceName);
    if (service.status !== 'INACTIVE') compare(servicePair(service, shown));
    checkRetention(service.serviceName, service.deletedAt, shown !== undefined);
    const primaries = deploymentsOf(shown).filter(({ status }) => status === 'PRIMARY').length;
    if (service.status === 'ACTIVE' && primaries !== 1) {
      report('S11', `${name} shows ${service.serviceName} with ${primaries} PRIMARY deployments`);
    }
  }

  /** What has ended is shown for an hour, and then no longer. */
  function checkRetention(what: string, endedAt: number | null, isShown: boolean): void {
    if (endedAt === null || isShown === endedAt > head.at - RETENTION_MS) return;
    report('S20', `${name} ${isShown ? 'still shows' : 'does not show'} ${what} ${head.at - endedAt} ms after its end`);
  }
}

const DESCRIBE = {
  tasks: (views: ViewDirectory, tasks: readonly string[]) =>
    valueOf(describeTasks(views, { cluster: CLUSTER, tasks }))?.tasks,
  containerInstances: (views: ViewDirectory, containerInstances: readonly string[]) =>
    valueOf(describeContainerInstances(views, { cluster: CLUSTER, containerInstances }))?.containerInstances,
  services: (views: ViewDirectory, services: readonly string[]) =>
    valueOf(describeServices(views, { cluster: CLUSTER, services }))?.services,
};

function valueOf<Value>(result: QueryResult<Value>): Value | undefined {
  return 'value' in result ? result.value : undefined;
}

/** Everything of one kind, as often as the API must be asked, by ARN or name. */
function describe(
  views: ViewDirectory,
  member: keyof typeof DESCRIBE,
  ids: readonly string[],
  key: string,
): ReadonlyMap<string, Members> {
  const found = new Map<string, Members>();
  const step = member === 'services' ? SERVICES_PER_CALL_MAX : OTHERS_PER_CALL_MAX;
  for (let at = 0; at < ids.length; at += step) {
    for (const item of DESCRIBE[member](views, ids.slice(at, at + step)) ?? []) {
      const members: Members = { ...item };
      found.set(String(members[key]), members);
    }
  }
  return found;
}

function taskPair(task: ModelTask, shown: Members | undefined): Pair {
  const { taskId, lastStatus, desiredStatus, stopCode, stoppedReason, template } = task;
  // Where a Fargate task runs is nobody's business.
  const instanceId = template.launchType === 'FARGATE' ? null : task.instanceId;
  return {
    what: `task ${taskId}`,
    shown,
    right: {
      lastStatus,
      desiredStatus,
      containerInstanceArn: instanceId === null ? undefined : arns.containerInstance(LOCALE, CLUSTER, instanceId),
      stopCode: stopCode ?? undefined,
      stoppedReason: stoppedReason ?? undefined,
    },
  };
}

function instancePair({ instanceId, status, connected, tasks }: ModelInstance, shown: Members | undefined): Pair {
  const { running, pending } = countOf(tasks);
  return {
    what: `instance ${instanceId}`,
    shown,
    right: { status, agentConnected: connected, runningTasksCount: running, pendingTasksCount: pending },
  };
}

function servicePair(service: ModelService, shown: Members | undefined): Pair {
  const { serviceName, status, desiredCount, deployments } = service;
  // What is to stop no longer counts for a service; on an instance it does until it has ended.
  const { running, pending } = countOf(liveTasks(service));
  const shownDeployments = deploymentsOf(shown).map(({ id, rolloutState }) => `${String(id)} ${String(rolloutState)}`);
  return {
    what: serviceName,
    shown: shown && { ...shown, deployments: shownDeployments },
    right: {
      status,
      desiredCount,
      runningCount: running,
      pendingCount: pending,
      deployments: deployments.map(({ deploymentId, state }: ModelDeployment) => `${deploymentId} ${state}`),
    },
  };
}

function deploymentsOf(service: Members | undefined): readonly Members[] {
  return (service?.['deployments'] ?? []) as readonly Members[];
}

/** The members that the other one has, too. */
function only(shown: Members | undefined, right: Members): Members | null {
  if (shown === undefined) return null;
  return Object.fromEntries(Object.keys(right).map((member) => [member, shown[member]]));
}

function differsInCounts(shown: Members | undefined, right: Members): boolean {
  const differs = (member: string): boolean => shown?.[member] !== right[member];
  return ['runningCount', 'pendingCount', 'runningTasksCount', 'pendingTasksCount'].some(differs);
}
