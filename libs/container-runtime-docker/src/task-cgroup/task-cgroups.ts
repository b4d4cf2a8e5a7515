import type { TaskLimits } from './task-limits.ts';

/** One control group per task: the parent of the groups of its containers, which it bounds together. */
export interface TaskCgroups {
  /** As Docker wants it in HostConfig.CgroupParent. */
  parentOf(taskId: string): string;
  /** Makes the task's group with these limits; one that is there is given them again. */
  ensure(taskId: string, limits: TaskLimits): Promise<void>;
  /** Tasks that have a group, as far as they can be listed. */
  list(): Promise<readonly string[]>;
  /** The containers of the task are gone. */
  remove(taskId: string): Promise<void>;
}
