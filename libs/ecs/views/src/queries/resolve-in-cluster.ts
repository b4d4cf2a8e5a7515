import { arns, parseArn } from '#libs/ecs/messages';
import { ok } from '#libs/kernel';
import { containerInstanceOf } from '../view/container-instances.ts';
import type { InstanceRecord, ServiceRecord, TaskRecord } from '../view/records.ts';
import { invalidParameter, refuse } from './answer.ts';
import type { Refused, QueryResult } from './answer.ts';
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
  if (!text.startsWith('arn:')) return { value: { id: text } };
  const { locale, clusterName } = cluster;
  const parsed = parseArn(text);
  if (parsed === undefined) return { value: { id: null } };
  const { region, account, resourceType, path } = parsed;
  const foreign = region !== locale.region || account !== locale.account;
  if (resourceType !== kind || foreign || path.length > 2) return { value: { id: null } };
  if (path.length === 2 && path[0] !== clusterName) {
    return invalidParameter(
      `Invalid identifier: Identifier is for cluster ${path[0] ?? ''}. Your cluster is ${clusterName}`,
    );
  }
  return { value: { id: path.at(-1) ?? '' } };
}

/** The full ARN of what a caller named, to say it by. */
export function arnOf({ cluster }: ResolvedCluster, kind: NamedKind, { id }: Named, text: string): string {
  return id === null ? text : ARN_OF[kind](cluster.locale, cluster.clusterName, id);
}

/** A task that the view knows. Errors: TaskNotFound, InvalidParameter for another cluster's. */
export function findTask(where: ResolvedCluster, text: string): QueryResult<TaskRecord> {
  const name = nameIn(where, 'task', text);
  if ('rejection' in name) return name;
  const task = where.view.tasks.get(name.value.id ?? '');
  return task === undefined ? taskNotFound() : { value: task };
}

/** A container instance that the view knows, INACTIVE ones too. Errors: InvalidParameter. */
export function findContainerInstance(where: ResolvedCluster, text: string): QueryResult<InstanceRecord> {
  const name = nameIn(where, 'container-instance', text);
  if ('rejection' in name) return name;
  const instance = containerInstanceOf(where.view, name.value.id ?? '');
  return instance === undefined
    ? invalidParameter(`Referenced container instance ${name.value.id ?? text} not found.`)
    : { value: instance };
}

/** A service that the view knows, whatever its status. Errors: ServiceNotFound, InvalidParameter for another cluster's. */
export function findService(where: ResolvedCluster, text: string): QueryResult<ServiceRecord> {
  const name = nameIn(where, 'service', text);
  if ('rejection' in name) return name;
  const service = where.view.services.get(name.value.id ?? '');
  return service === undefined ? serviceNotFound() : { value: service };
}

/*
 * What a command carries: the id alone. Whether the thing is there is for the decider to say, which knows better than a view
 * that may be behind; only what cannot be in this cluster at all is refused here.
 */

/** Errors: TaskNotFound for an ARN of something else, InvalidParameter for another cluster's task. */
export function taskIdIn(where: ResolvedCluster, text: string): QueryResult<string> {
  const name = nameIn(where, 'task', text);
  if ('rejection' in name) return name;
  return name.value.id === null ? taskNotFound() : ok(name.value.id);
}

/** Errors: ServiceNotFound for an ARN of something else, InvalidParameter for another cluster's service. */
export function serviceNameIn(where: ResolvedCluster, text: string): QueryResult<string> {
  const name = nameIn(where, 'service', text);
  if ('rejection' in name) return name;
  return name.value.id === null ? serviceNotFound() : ok(name.value.id);
}

/** The text itself when it is the ARN of something else: no instance has such an id. Errors: InvalidParameter for another cluster's. */
export function instanceIdIn(where: ResolvedCluster, text: string): QueryResult<string> {
  const name = nameIn(where, 'container-instance', text);
  return 'rejection' in name ? name : ok(name.value.id ?? text);
}

function taskNotFound(): Refused {
  return refuse('TaskNotFound', 'The referenced task was not found.');
}

function serviceNotFound(): Refused {
  return refuse('ServiceNotFound', 'Service not found.');
}
