import { arns, parseArn } from '#libs/ecs/messages';
import type { InstanceRecord, ServiceRecord, TaskRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { invalidParameter, refuse } from './answer.ts';
import type { QueryError, QueryResult } from './answer.ts';
import { resolveCluster } from './resolve-cluster.ts';
import type { ResolvedCluster } from './resolve-cluster.ts';

/** The things of a cluster that callers name by id or by ARN. */
export type NamedKind = 'task' | 'container-instance' | 'service';

const ARN_OF = {
  task: arns.task,
  'container-instance': arns.containerInstance,
  service: arns.service,
} as const;

/** What a caller named. `id` is null for the ARN of something else. */
export interface Named {
  readonly id: string | null;
}

/**
 * Reads an identifier: a short id, a long ARN, or an old ARN without the cluster. Whether the thing exists is not looked
 * at: a decider knows better than a view.
 * @returns InvalidParameter for the ARN of another cluster.
 */
export function nameIn({ cluster }: ResolvedCluster, kind: NamedKind, text: string): QueryResult<Named> {
  if (!text.startsWith('arn:')) return { output: { id: text } };
  const { locale, clusterName } = cluster;
  const parsed = parseArn(text);
  if (parsed === undefined) return { output: { id: null } };
  const { region, account, resourceType, path } = parsed;
  const foreign = region !== locale.region || account !== locale.account;
  if (resourceType !== kind || foreign || path.length > 2) return { output: { id: null } };
  if (path.length === 2 && path[0] !== clusterName) {
    return invalidParameter(
      `Invalid identifier: Identifier is for cluster ${path[0] ?? ''}. Your cluster is ${clusterName}`,
    );
  }
  return { output: { id: path.at(-1) ?? '' } };
}

/** The full ARN of what a caller named, to say it by. */
export function arnOf({ cluster }: ResolvedCluster, kind: NamedKind, { id }: Named, text: string): string {
  return id === null ? text : ARN_OF[kind](cluster.locale, cluster.clusterName, id);
}

/** A task that the view knows. Errors: TaskNotFound, InvalidParameter for another cluster's. */
export function findTask(where: ResolvedCluster, text: string): QueryResult<TaskRecord> {
  const name = nameIn(where, 'task', text);
  if ('error' in name) return name;
  const task = where.view.tasks.get(name.output.id ?? '');
  return task === undefined ? taskNotFound() : { output: task };
}

/** A container instance that the view knows, INACTIVE ones too. Errors: InvalidParameter. */
export function findContainerInstance(where: ResolvedCluster, text: string): QueryResult<InstanceRecord> {
  const name = nameIn(where, 'container-instance', text);
  if ('error' in name) return name;
  const instance = where.view.instances.get(name.output.id ?? '');
  return instance === undefined
    ? invalidParameter(`Referenced container instance ${name.output.id ?? text} not found.`)
    : { output: instance };
}

/** A service that the view knows, whatever its status. Errors: ServiceNotFound, InvalidParameter for another cluster's. */
export function findService(where: ResolvedCluster, text: string): QueryResult<ServiceRecord> {
  const name = nameIn(where, 'service', text);
  if ('error' in name) return name;
  const service = where.view.services.get(name.output.id ?? '');
  return service === undefined ? serviceNotFound() : { output: service };
}

/*
 * What a gateway puts into a command: the id alone. Whether the thing is there is for the decider to say, which knows
 * better than a view that may be behind; only what cannot be in this cluster at all is refused here.
 */

/** Errors: TaskNotFound for an ARN of something else, InvalidParameter for another cluster's task, ClusterNotFound. */
export function resolveTask(
  views: ViewDirectory,
  cluster: string | undefined,
  text: string,
): QueryResult<{ readonly taskId: string }> {
  const name = nameInCluster(views, cluster, 'task', text);
  if ('error' in name) return name;
  const { id } = name.output;
  return id === null ? taskNotFound() : { output: { taskId: id } };
}

/** Errors: ServiceNotFound for an ARN of something else, InvalidParameter for another cluster's service, ClusterNotFound. */
export function resolveService(
  views: ViewDirectory,
  cluster: string | undefined,
  text: string,
): QueryResult<{ readonly serviceName: string }> {
  const name = nameInCluster(views, cluster, 'service', text);
  if ('error' in name) return name;
  const { id } = name.output;
  return id === null ? serviceNotFound() : { output: { serviceName: id } };
}

/** A container instance that a caller named. */
export interface ResolvedInstance {
  /** The text itself when it is the ARN of something else: no instance has such an id. */
  readonly instanceId: string;
  readonly arn: string;
  /** The view knows it, be it INACTIVE: the answer says `MISSING` or `INACTIVE` of what it may not use. */
  readonly exists: boolean;
  /** ACTIVE or DRAINING. */
  readonly active: boolean;
}

/** Errors: InvalidParameter for another cluster's instance, ClusterNotFound. */
export function resolveInstance(
  views: ViewDirectory,
  cluster: string | undefined,
  text: string,
): QueryResult<ResolvedInstance> {
  const name = nameInCluster(views, cluster, 'container-instance', text);
  if ('error' in name) return name;
  const { where, id } = name.output;
  const arn = arnOf(where, 'container-instance', name.output, text);
  const instance = where.view.instances.get(id ?? '');
  const active = instance !== undefined && instance.status !== 'INACTIVE';
  return { output: { instanceId: id ?? text, arn, exists: instance !== undefined, active } };
}

function nameInCluster(
  views: ViewDirectory,
  cluster: string | undefined,
  kind: NamedKind,
  text: string,
): QueryResult<Named & { readonly where: ResolvedCluster }> {
  const where = resolveCluster(views, cluster);
  if ('error' in where) return where;
  const name = nameIn(where.output, kind, text);
  return 'error' in name ? name : { output: { ...name.output, where: where.output } };
}

function taskNotFound(): { readonly error: QueryError } {
  return refuse('TaskNotFound', 'The referenced task was not found.');
}

function serviceNotFound(): { readonly error: QueryError } {
  return refuse('ServiceNotFound', 'Service not found.');
}
