import { arns, parseArn } from '#libs/ecs/messages';
import type { Commit, DomainEvent, Locale } from '#libs/kernel';
import type { LogEvent } from '../view/commit-view.ts';
import { historySubject } from './history-subject.ts';
import type { HistorySubject } from './history-subject.ts';

/** Fewer characters of an id name too many things. */
const ID_PREFIX_LENGTH_MIN = 6;

interface Place {
  readonly locale: Locale;
  readonly clusterName: string;
}

/**
 * What a name that is not an ARN may mean: a task's or container instance's id (or its beginning), a service, a cluster,
 * `family:revision`, or a deployment (`ecs-svc/…`).
 */
export class NameSearch {
  readonly #name: string;
  readonly #places = new Map<string, Place>();
  readonly #found = new Map<string, HistorySubject>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Everything that the name may mean, by its ARN or a deployment's id, in the order in which the log made them. */
  get found(): ReadonlyMap<string, HistorySubject> {
    return this.#found;
  }

  apply({ shard, decisions }: Commit<DomainEvent>): void {
    for (const { events } of decisions) {
      // An event of another context has none of these types.
      for (const event of events) this.#look(shard, event as LogEvent);
    }
  }

  #look(shard: string, event: LogEvent): void {
    if (event.type === 'ClusterCreated') this.#enterCluster(shard, event.clusterName, event.clusterArn);
    if (event.type === 'TaskDefinitionRegistered') {
      const { family, revision, taskDefinitionArn } = event.taskDefinition;
      if (this.#name === `${family}:${revision}`) this.#add(taskDefinitionArn);
    }
    const place = this.#places.get(shard);
    if (place === undefined) return;
    const { locale, clusterName } = place;
    if (event.type === 'TasksRequested') {
      const ids = event.taskIds.filter((id) => this.#fits(id));
      for (const id of ids) this.#add(arns.task(locale, clusterName, id));
    } else if (event.type === 'ContainerInstanceRegistered' && this.#fits(event.containerInstanceId)) {
      this.#add(arns.containerInstance(locale, clusterName, event.containerInstanceId));
    } else if (event.type === 'ServiceCreated' && event.serviceName === this.#name) {
      this.#add(arns.service(locale, clusterName, event.serviceName));
    } else if (event.type === 'DeploymentStarted' && event.deploymentId === this.#name) {
      const { serviceName, deploymentId } = event;
      this.#found.set(deploymentId, { kind: 'deployment', shard, serviceName, deploymentId });
    }
  }

  #enterCluster(shard: string, clusterName: string, clusterArn: string): void {
    const parsed = parseArn(clusterArn);
    if (parsed === undefined) return;
    this.#places.set(shard, { locale: { region: parsed.region, account: parsed.account }, clusterName });
    if (clusterName === this.#name) this.#add(clusterArn);
  }

  #add(arn: string): void {
    const subject = historySubject(arn);
    if (subject !== undefined) this.#found.set(arn, subject);
  }

  #fits(id: string): boolean {
    return id === this.#name || (this.#name.length >= ID_PREFIX_LENGTH_MIN && id.startsWith(this.#name));
  }
}
