import type { TaskCgroups } from './task-cgroups.ts';
import { sliceProperties } from './task-limits.ts';

/** Runs `systemctl` with these arguments. @throws if it does not end with 0 */
export type Systemctl = (...words: readonly string[]) => Promise<void>;

/** Groups of an engine with the systemd driver: `ecstasks-<task id>.slice`, until the next restart of the machine. */
export function systemdTaskCgroups(version: 1 | 2, systemctl: Systemctl): TaskCgroups {
  const sliceOf = (taskId: string): string => `ecstasks-${taskId}.slice`;
  return {
    parentOf: sliceOf,
    ensure: async (taskId, limits) => {
      await systemctl('set-property', '--runtime', sliceOf(taskId), ...sliceProperties(version, limits));
      await systemctl('start', sliceOf(taskId));
    },
    // systemd itself takes away slices in which nothing is left, with the next restart of the machine at the latest.
    list: () => Promise.resolve([]),
    remove: async (taskId) => {
      await systemctl('stop', sliceOf(taskId));
      await systemctl('revert', sliceOf(taskId));
    },
  };
}
