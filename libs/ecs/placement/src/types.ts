import type { Attribute, PlacementConstraint, PlacementStrategy } from '#libs/ecs/messages';
import type { Refusal } from './refusals.ts';

/** What a host is for placement. CPU units, MiB. */
export interface HostDescription {
  readonly cpu: number;
  readonly memory: number;
  readonly reservedTcpPorts: readonly number[];
  readonly reservedUdpPorts: readonly number[];
  /** How many it has of each type of device, such as GPU. */
  readonly devices?: Readonly<Record<string, number>>;
  readonly attributes: readonly Attribute[];
  /** What kinds of tasks it takes. Absent: EC2, EXTERNAL. */
  readonly launchTypes?: readonly string[];
  /** For expressions only; a host without them equals nothing there. */
  readonly agentVersion?: string;
  readonly ec2InstanceId?: string;
  /** ms since the epoch. */
  readonly registeredAt?: number;
}

/** What one task needs on its host. */
export interface TaskDemand {
  readonly cpu: number;
  readonly memory: number;
  /** Fixed host ports only; dynamic ones do not count. */
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  /** How many devices of each type, such as GPU. */
  readonly devices?: Readonly<Record<string, number>>;
  readonly requiresAttributes: readonly Attribute[];
}

/** A number of equal tasks to place. */
export interface PlacementRequest {
  readonly count: number;
  readonly demand: TaskDemand;
  /** Hosts that do not take it are neither chosen nor listed among the refusals. Absent: EC2. */
  readonly launchType?: string;
  /** The task group: `service:<name>` or RunTask's group; spread and distinctInstance look at it. */
  readonly group: string;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
}

/** Why hosts refused, one entry a host (ECS answers them one by one). */
export interface HostRefusal extends Refusal {
  readonly hostId: string;
}

export interface PlacementResult {
  /** One host a placed task, at most `count`. */
  readonly hosts: readonly string[];
  /**
   * Filled when fewer than `count` were placed: the refusal of every host for the first task that did not fit. Hosts that
   * are not ACTIVE, or take no tasks of this launch type, are not offered and not listed, so a cluster that only drains
   * answers none at all.
   */
  readonly refusals: readonly HostRefusal[];
}

/**
 * Free resources of every host of a cluster, kept up to date by `evolve` and asked by the scheduler. Changed in place;
 * belongs to one cluster state. All methods are deterministic; `random` is the decision's own source.
 */
export interface PlacementEngine {
  /** A new host, available at once. The order of additions settles ties. @throws InvariantBroken when it is known */
  addHost(hostId: string, host: HostDescription): void;
  /**
   * New attributes or resources of a known host; its reservations stay. A host that came back smaller than what runs on it
   * is a fact: its remaining amounts are below zero and it takes nothing until they are not.
   */
  updateHost(hostId: string, host: HostDescription): void;
  /** Forgets the host and what its tasks hold there; they cannot be released afterwards. */
  removeHost(hostId: string): void;
  /** Whether the host may get new tasks: agent connected, status ACTIVE. */
  setAvailability(hostId: string, connected: boolean, active: boolean): void;
  /** Takes resources for a task that was placed. @throws InvariantBroken when they are not free (S7, S8). */
  reserve(hostId: string, taskId: string, demand: TaskDemand, group: string): void;
  /** Gives them back; unknown tasks are a broken invariant. */
  release(hostId: string, taskId: string): void;
  remaining(hostId: string): HostRemaining | undefined;
  /** Chooses hosts without reserving anything. */
  place(request: PlacementRequest, random: () => number): PlacementResult;
  /** Why this host cannot take one such task now, or null when it can. `MISSING` for an unknown host. */
  refusalOf(hostId: string, request: Omit<PlacementRequest, 'count' | 'strategy'>): Refusal | null;
  /**
   * Which of these tasks a scale-in stops first, best first: keeps the spread, empties binpacked hosts. Counts only the
   * tasks that are given (leave protected ones out); equal ones keep the given order. `countMax` is how many are wanted,
   * by default all.
   */
  scaleInOrder(
    tasks: readonly { readonly taskId: string; readonly hostId: string }[],
    strategy: readonly PlacementStrategy[],
    random: () => number,
    countMax?: number,
  ): readonly string[];
}

export interface HostRemaining {
  readonly cpu: number;
  readonly memory: number;
  /** Ports in use: reserved ones and those of placed tasks, sorted. */
  readonly usedTcpPorts: readonly number[];
  readonly usedUdpPorts: readonly number[];
  /** Devices that no task holds, by type. */
  readonly devices: Readonly<Record<string, number>>;
}
