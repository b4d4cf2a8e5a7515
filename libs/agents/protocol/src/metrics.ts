import { exactly, integer, list, matching, number, optional, text } from './schema.ts';
import type { TypeOf } from './schema.ts';

/* Agent → its subscribers (subject `metrics`). Never in the log, never stored: one that is lost is lost. */

/** As ECS agents send them. */
export const TASKS_PER_METRICS_MESSAGE_MAX = 10;
const CONTAINERS_PER_TASK_MAX = 10;

const time = number(0);

/** What was measured in an interval, as one value: without samples there is none. */
const statsSet = exactly({ min: number(0), max: number(0), sum: number(0), sampleCount: integer(1) });
export type StatsSet = TypeOf<typeof statsSet>;

/** Bytes from each measurement to the next, on all interfaces but the loopback. */
const networkStats = exactly({ rxBytes: statsSet, txBytes: statsSet });
export type NetworkStats = TypeOf<typeof networkStats>;

/** Bytes from each measurement to the next, on all block devices. */
const storageStats = exactly({ readBytes: statsSet, writeBytes: statsSet });
export type StorageStats = TypeOf<typeof storageStats>;

const containerMetrics = exactly({
  containerName: text(255, 1),
  /** Percent of all cores of the host together. */
  cpuStatsSet: optional(statsSet),
  /** MiB, whole, without what the kernel only caches. */
  memoryStatsSet: optional(statsSet),
  /** Absent where the container has no network of its own (modes host, awsvpc and none). */
  networkStatsSet: optional(networkStats),
  storageStatsSet: optional(storageStats),
  /** Of a container with a restart policy. */
  restartCount: optional(integer(0)),
});
export type ContainerMetrics = TypeOf<typeof containerMetrics>;

const taskMetrics = exactly({
  taskId: matching(/^[0-9a-f]{32}$/),
  taskArn: text(512, 1),
  /** `service:<name>` or `family:<name>`, or what the request named. */
  group: text(512),
  taskDefinitionFamily: text(255),
  taskDefinitionVersion: text(20),
  /** In network mode awsvpc: of the address that the containers share. */
  networkStatsSet: optional(networkStats),
  containerMetrics: list(containerMetrics, CONTAINERS_PER_TASK_MAX),
});
export type TaskMetrics = TypeOf<typeof taskMetrics>;

export const metricsMessage = exactly({
  cluster: text(255, 1),
  containerInstanceId: text(255, 1),
  /** Cores of the host: what 100 percent of `cpuStatsSet` are. */
  cpus: integer(1),
  /** The interval, ms since the epoch. */
  startTime: time,
  endTime: time,
  /** Messages of earlier intervals that were dropped since this agent started, because there was no connection. */
  droppedMessages: integer(0),
  taskMetrics: list(taskMetrics, TASKS_PER_METRICS_MESSAGE_MAX, 1),
});
/** What one host measured in an interval, or a part of it: at most ten tasks per message. */
export type MetricsMessage = TypeOf<typeof metricsMessage>;
