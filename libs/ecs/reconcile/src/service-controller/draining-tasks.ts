import type { ClusterState } from '#libs/ecs/deciders';

/** Tasks of services that must leave their DRAINING instances, by service. */
export type DrainingTasks = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Found from the instances' side, because hardly any instance drains: one look at each instance, and at the tasks of those
 * that do.
 */
export function drainingTasks(state: ClusterState): DrainingTasks {
  const found = new Map<string, Set<string>>();
  for (const instance of state.instances.values()) {
    if (instance.status !== 'DRAINING') continue;
    for (const taskId of instance.taskIds) {
      const task = state.tasks.get(taskId);
      const serviceName = task?.template.serviceName;
      if (serviceName === undefined || task?.desiredStatus !== 'RUNNING') continue;
      const taskIds = found.get(serviceName);
      if (taskIds === undefined) found.set(serviceName, new Set([taskId]));
      else taskIds.add(taskId);
    }
  }
  return found;
}
