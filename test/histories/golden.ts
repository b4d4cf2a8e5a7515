import type { Commit, DomainEvent } from "#libs/kernel";
import {
  describeClusters,
  describeContainerInstances,
  describeServices,
  describeTaskDefinition,
  describeTasks,
  historyOf,
  historySubject,
} from '#libs/ecs/views';
import type { QueryResult, ViewDirectory } from '#libs/ecs/views';

/* What readers see of a log, in a form that a reviewer can read: the golden file beside a history. */

/** What the log came to at one of its commits. */
export interface Moment {
  readonly revision: number;
  /** What Describe* returns. */
  readonly described: object;
  /** What the writer knows and no reader sees. */
  readonly state: object;
}

export interface Golden {
  readonly shard: string;
  readonly revision: number;
  readonly hash: string;
  readonly events: number;
  readonly moments: readonly Moment[];
  /** What the history of everything in the shard says at the end, by ARN. */
  readonly history: Readonly<Record<string, readonly string[]>>;
}

/** A cluster's shard, or an account's (null), as its readers see it. */
export function describedOf(views: ViewDirectory, clusterName: string | null): object {
  return clusterName === null ? describedAccount(views) : describedCluster(views, clusterName);
}

function describedAccount(views: ViewDirectory): object {
  const names = [...views.account.families.values()].flatMap(({ family, revisions }) =>
    revisions.map(({ taskDefinition }) => `${family}:${taskDefinition.revision}`),
  );
  const include = ['TAGS'] as const;
  return {
    taskDefinitions: names.map((taskDefinition) => answerOf(describeTaskDefinition(views, { taskDefinition, include }))),
  };
}

function describedCluster(views: ViewDirectory, cluster: string): object {
  const view = views.cluster(cluster);
  const clusters = answerOf(
    describeClusters(views, { clusters: [cluster], include: ['CONFIGURATIONS', 'SETTINGS', 'TAGS'] }),
  );
  // Nothing in a cluster is described that is not ACTIVE.
  if (view?.cluster?.status !== 'ACTIVE') return { clusters };
  const [containerInstances, services, tasks] = [view.instances, view.services, view.tasks].map((one) => [...one.keys()]);
  const include = ['TAGS'] as const;
  return {
    clusters,
    containerInstances: containerInstances?.length
      ? answerOf(describeContainerInstances(views, { cluster, containerInstances, include }))
      : [],
    services: services?.length ? answerOf(describeServices(views, { cluster, services, include })) : [],
    tasks: tasks?.length ? answerOf(describeTasks(views, { cluster, tasks, include })) : [],
  };
}

function answerOf(result: QueryResult<unknown>): unknown {
  return 'rejection' in result ? result.rejection : result.value;
}

/** What a writer's state holds beside what is described; `encoded` is the state as plain data. */
export function hiddenState(encoded: object): object {
  const { instances, tasks, ...rest } = encoded as {
    readonly instances?: readonly Record<string, unknown>[];
    readonly tasks?: readonly Record<string, unknown>[];
  };
  if (instances === undefined || tasks === undefined) return encoded;
  const hidden: Record<string, unknown> = {
    ...rest,
    instances: instances.map(({ instanceId, sessionId, wantedVersion }) => ({ instanceId, sessionId, wantedVersion })),
    tasks: tasks.map(({ taskId, assignedVersion, runningSince, clientToken }) => ({
      taskId,
      assignedVersion,
      runningSince,
      clientToken,
    })),
  };
  for (const shown of ['taskDefinitions', 'templates', 'settings', 'configuration', 'tags', 'capacityProviders']) {
    delete hidden[shown];
  }
  return hidden;
}

/** The history of everything that a shard's log has ever named, in words. */
export function historiesOf(commits: readonly Commit<DomainEvent>[]): Readonly<Record<string, readonly string[]>> {
  const histories: Record<string, readonly string[]> = {};
  for (const arn of arnsIn(commits)) {
    const subject = historySubject(arn);
    if (subject === undefined) throw new Error(`${arn} has no history`);
    histories[arn] = Array.from(
      historyOf(commits, subject),
      ({ at, type, summary }) => `${new Date(at).toISOString()} ${type}: ${summary}`,
    );
  }
  return histories;
}

function arnsIn(commits: readonly Commit<DomainEvent>[]): ReadonlySet<string> {
  const found = new Set<string>();
  let clusterArn = '';
  const inCluster = (type: string, id: string): string => `${clusterArn.replace(':cluster/', `:${type}/`)}/${id}`;
  for (const event of commits.flatMap(({ decisions }) => decisions.flatMap(({ events }) => events)) as Named[]) {
    if (event.type === 'ClusterCreated') found.add((clusterArn = event.clusterArn ?? ''));
    if (event.type === 'ContainerInstanceRegistered') {
      found.add(inCluster('container-instance', event.containerInstanceId ?? ''));
    }
    if (event.type === 'ServiceCreated') found.add(inCluster('service', event.serviceName ?? ''));
    if (event.type === 'TasksRequested') for (const id of event.taskIds ?? []) found.add(inCluster('task', id));
    if (event.type === 'TaskDefinitionRegistered') found.add(event.taskDefinition?.taskDefinitionArn ?? '');
  }
  return found;
}

/** Events that bring something into a log, whatever else they say. */
interface Named extends DomainEvent {
  readonly clusterArn?: string;
  readonly containerInstanceId?: string;
  readonly serviceName?: string;
  readonly taskIds?: readonly string[];
  readonly taskDefinition?: { readonly taskDefinitionArn: string };
}
