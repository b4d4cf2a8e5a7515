import type { CgroupFiles } from './cgroup-files.ts';
import type { TaskCgroups } from './task-cgroups.ts';
import { cgroupSettings } from './task-limits.ts';

/** As the ECS agent names it. */
const FOLDER = 'ecs';
const TASK_ID = /^[0-9a-f]{32}$/;
const CONTROLLERS = ['cpu', 'memory'] as const;

/** Groups of an engine with the cgroupfs driver: `/ecs/<task id>`. */
export function cgroupfsTaskCgroups(version: 1 | 2, files: CgroupFiles): TaskCgroups {
  // With version 2 a group has all controllers; with version 1 each controller has a tree of its own.
  const folderOf = (controller: string, taskId: string): string =>
    version === 1 ? `${controller}/${FOLDER}/${taskId}` : `${FOLDER}/${taskId}`;
  return {
    parentOf: (taskId) => `/${FOLDER}/${taskId}`,
    ensure: async (taskId, limits) => {
      await makeRoot(version, files);
      for (const controller of CONTROLLERS) await files.makeFolder(folderOf(controller, taskId));
      for (const { controller, file, value } of cgroupSettings(version, limits)) {
        await files.write(`${folderOf(controller, taskId)}/${file}`, value);
      }
    },
    list: async () => (await files.list(folderOf('cpu', ''))).filter((name) => TASK_ID.test(name)),
    remove: async (taskId) => {
      // The engine makes the group in the trees of the other controllers, and leaves it there.
      const controllers = version === 1 ? await files.list('') : ['all'];
      for (const controller of controllers) await files.removeFolder(folderOf(controller, taskId));
    },
  };
}

/** The folder that the groups of all tasks are in. @throws what the file system says where that is not possible */
export async function makeRoot(version: 1 | 2, files: CgroupFiles): Promise<void> {
  if (version === 1) {
    for (const controller of CONTROLLERS) await files.makeFolder(`${controller}/${FOLDER}`);
    return;
  }
  await files.makeFolder(FOLDER);
  const controllers = CONTROLLERS.map((controller) => `+${controller}`).join(' ');
  for (const folder of ['', `${FOLDER}/`]) await files.write(`${folder}cgroup.subtree_control`, controllers);
}
