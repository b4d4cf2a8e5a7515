import type { HistorySubject } from './history-subject.ts';

/** Whose history is asked for, and which tasks belong to it: those of the service or deployment, or those placed on the instance. */
export interface About {
  readonly subject: HistorySubject;
  readonly ownTasks: ReadonlySet<string>;
}

/** One line about the event in plain words, or null when the event does not touch the subject. */
export type Summary = string | null;

export function isTask({ subject }: About, taskId: string): boolean {
  return subject.kind === 'task' && subject.id === taskId;
}

export function isInstance({ subject }: About, instanceId: string): boolean {
  return subject.kind === 'container-instance' && subject.id === instanceId;
}

export function isService({ subject }: About, serviceName: string | undefined): boolean {
  return subject.kind === 'service' && subject.serviceName === serviceName;
}

export function isDeployment({ subject }: About, deploymentId: string | undefined): boolean {
  return subject.kind === 'deployment' && subject.deploymentId === deploymentId;
}

export function isCluster({ subject }: About): boolean {
  return subject.kind === 'cluster';
}

export function isTaskDefinition({ subject }: About, arn: string): boolean {
  return subject.kind === 'task-definition' && subject.arn === arn;
}

export function isRevision({ subject }: About, family: string, revision: number): boolean {
  return subject.kind === 'task-definition' && subject.family === family && subject.revision === revision;
}

/** `1 task`, `3 tasks`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `web:3` of a task definition's ARN. */
export function revisionName(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf('/') + 1);
}

export function tagWords(tags: readonly { readonly key: string; readonly value?: string }[]): string {
  return tags.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(', ');
}
