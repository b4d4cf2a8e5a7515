import { TASKS_PER_METRICS_MESSAGE_MAX } from '#libs/agents/protocol';
import type { MetricsMessage, TaskMetrics } from '#libs/agents/protocol';

/** What a host measured in an interval, in as many messages as it takes; without tasks there is none. */
export function metricsMessages(
  host: Omit<MetricsMessage, 'taskMetrics'>,
  tasks: readonly TaskMetrics[],
): readonly MetricsMessage[] {
  const count = Math.ceil(tasks.length / TASKS_PER_METRICS_MESSAGE_MAX);
  return Array.from({ length: count }, (_, index) => {
    const from = index * TASKS_PER_METRICS_MESSAGE_MAX;
    return { ...host, taskMetrics: tasks.slice(from, from + TASKS_PER_METRICS_MESSAGE_MAX) };
  });
}
