import { arns, type Locale, parseArn } from '#libs/contracts';
import type { LogCommit, LogEvent } from '#libs/projections';

/** Fewer characters of an id name too many things. */
const ID_PREFIX_LENGTH_MIN = 6;

interface Place {
  readonly locale: Locale;
  readonly clusterName: string;
}

/**
 * Finds out what people mean by a name that is no ARN: a task's or container instance's id (or its beginning), a service,
 * a cluster, or `family:revision`. Reads the log from its start and remembers the ARN of whatever fits.
 */
export class SubjectSearch {
  readonly #name: string;
  readonly #places = new Map<string, Place>();
  readonly #found = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  /** ARNs of everything that the name may mean, in the order in which the log made them. */
  get found(): readonly string[] {
    return [...this.#found];
  }

  apply(commit: LogCommit): void {
    for (const { events } of commit.decisions) {
      for (const event of events) this.#look(commit.shard, event);
    }
  }

  #look(shard: string, event: LogEvent): void {
    if (event.type === 'ClusterCreated') this.#enterCluster(shard, event.clusterName, event.clusterArn);
    if (event.type === 'TaskDefinitionRegistered') {
      const { family, revision, taskDefinitionArn } = event.taskDefinition;
      if (this.#name === `${family}:${revision}`) this.#found.add(taskDefinitionArn);
    }
    const place = this.#places.get(shard);
    if (place === undefined) return;
    const { locale, clusterName } = place;
    if (event.type === 'TasksRequested') {
      const ids = event.taskIds.filter((id) => this.#fits(id));
      for (const id of ids) this.#found.add(arns.task(locale, clusterName, id));
    } else if (event.type === 'ContainerInstanceRegistered' && this.#fits(event.instanceId)) {
      this.#found.add(arns.containerInstance(locale, clusterName, event.instanceId));
    } else if (event.type === 'ServiceCreated' && event.serviceName === this.#name) {
      this.#found.add(arns.service(locale, clusterName, event.serviceName));
    }
  }

  #enterCluster(shard: string, clusterName: string, clusterArn: string): void {
    const parsed = parseArn(clusterArn);
    if (parsed === undefined) return;
    this.#places.set(shard, { locale: { region: parsed.region, account: parsed.account }, clusterName });
    if (clusterName === this.#name) this.#found.add(clusterArn);
  }

  #fits(id: string): boolean {
    return id === this.#name || (this.#name.length >= ID_PREFIX_LENGTH_MIN && id.startsWith(this.#name));
  }
}
