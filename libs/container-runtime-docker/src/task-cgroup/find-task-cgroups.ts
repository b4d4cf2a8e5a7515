import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';
import { messageOf } from '../engine/docker-problem.ts';
import { textMember } from '../engine/untyped-members.ts';
import { cgroupFiles } from './cgroup-files.ts';
import type { CgroupFiles } from './cgroup-files.ts';
import { cgroupfsTaskCgroups, makeRoot } from './cgroupfs.ts';
import { systemdTaskCgroups } from './systemd-slices.ts';
import type { Systemctl } from './systemd-slices.ts';
import type { TaskCgroups } from './task-cgroups.ts';

const SYSTEMD_FOLDER = '/run/systemd/system';
const run = promisify(execFile);

/** The machine that the agent runs on. */
export interface CgroupHost {
  readonly files: CgroupFiles;
  readonly systemctl: Systemctl;
  /** @throws if this process may not make slices */
  mayUseSystemd(): Promise<void>;
}

export const THIS_HOST: CgroupHost = {
  files: cgroupFiles(),
  systemctl: async (...words) => void (await run('systemctl', [...words])),
  mayUseSystemd: async () => {
    await access(SYSTEMD_FOLDER, constants.R_OK);
    if (process.getuid?.() !== 0) throw new Error('the agent does not run as root');
  },
};

/**
 * How tasks of this engine are bounded as a whole; a text: why they cannot be.
 * @param isLocal the engine runs on this machine, and sees it as this process does
 */
export async function findTaskCgroups(
  info: unknown,
  isLocal: boolean,
  host: CgroupHost = THIS_HOST,
): Promise<TaskCgroups | string> {
  if (!isLocal) return 'the container engine runs on another machine';
  const version = textMember(info, 'CgroupVersion') === '2' ? 2 : 1;
  const driver = textMember(info, 'CgroupDriver');
  try {
    if (driver === 'cgroupfs') {
      await makeRoot(version, host.files);
      return cgroupfsTaskCgroups(version, host.files);
    }
    if (driver === 'systemd') {
      await host.mayUseSystemd();
      return systemdTaskCgroups(version, host.systemctl);
    }
  } catch (error) {
    return `the agent may not make control groups: ${messageOf(error)}`;
  }
  return `the container engine has the cgroup driver ${driver ?? 'none'}`;
}
