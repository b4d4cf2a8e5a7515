import type { GroupTable } from '../engine/group-counts.ts';
import type { HostTable } from '../engine/host-table.ts';
import type { Host } from '../engine/host.ts';
import type { ExpressionSubject } from '../query/expression.ts';

/** A host as the cluster query language asks about it. */
export class HostSubject implements ExpressionSubject {
  readonly #host: Host;
  readonly #hosts: HostTable;
  readonly #groups: GroupTable;
  readonly #askingGroup: string;

  constructor(host: Host, hosts: HostTable, groups: GroupTable, askingGroup: string) {
    this.#host = host;
    this.#hosts = hosts;
    this.#groups = groups;
    this.#askingGroup = askingGroup;
  }

  get agentConnected(): boolean {
    return this.#host.connected;
  }

  get agentVersion(): string | undefined {
    return this.#host.description.agentVersion;
  }

  get ec2InstanceId(): string | undefined {
    return this.#host.description.ec2InstanceId;
  }

  get registeredAt(): number | undefined {
    return this.#host.description.registeredAt;
  }

  /** Every task that holds resources here, also those that are still starting or stopping. */
  get runningTasksCount(): number {
    return this.#hosts.taskCount[this.#host.slot] ?? 0;
  }

  attribute(name: string): string | undefined {
    return this.#host.attributes.get(name);
  }

  runsTaskGroup(group: string): boolean {
    return (this.#groups.find(group)?.on(this.#host.slot) ?? 0) > 0;
  }

  *taskGroups(): Iterable<string> {
    for (const { group } of this.#host.tasks.values()) yield group;
    // Earlier tasks of the same request are counted but have no reservation yet.
    if (this.runsTaskGroup(this.#askingGroup)) yield this.#askingGroup;
  }
}
