import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { CachedOutput, ClusterRecords, TaskCounts, TaskRecord } from './records.ts';

export function noOutput(): CachedOutput {
  return { plain: null, tagged: null };
}

/** The entity's wire object is built again at the next question. */
export function outdate(cached: CachedOutput): void {
  cached.plain = null;
  cached.tagged = null;
}

/** Not requested to stop and not ended by itself. */
export function isWanted(task: TaskRecord): boolean {
  return task.desiredStatus === 'RUNNING';
}

/**
 * Adds a task to the counts of its cluster, instance, service and deployment, or takes it out (-1). Every change of a
 * task's statuses or instance stands between a -1 and a +1, so that counts are always those of the tasks.
 */
export function countTask(records: ClusterRecords, task: TaskRecord, sign: 1 | -1): void {
  const running = task.lastStatus === 'RUNNING' ? sign : 0;
  const pending = TASK_STATUS_RANK[task.lastStatus] < TASK_STATUS_RANK.RUNNING ? sign : 0;
  if (task.instance !== null) {
    add(task.instance.counts, running, pending);
    outdate(task.instance.cached);
  }
  if (task.service !== null) outdate(task.service.cached);
  if (!isWanted(task)) return;
  add(clusterCounts(records, task.template.launchType), running, pending);
  if (task.service === null) return;
  add(task.service.counts, running, pending);
  if (task.deployment === null) return;
  add(task.deployment.counts, running, pending);
  task.deployment.wanted += sign;
}

function add(counts: TaskCounts, running: number, pending: number): void {
  counts.running += running;
  counts.pending += pending;
}

function clusterCounts(records: ClusterRecords, launchType: string): TaskCounts {
  let counts = records.counts.get(launchType);
  if (counts === undefined) {
    counts = { running: 0, pending: 0 };
    records.counts.set(launchType, counts);
  }
  return counts;
}
