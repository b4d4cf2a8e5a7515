import { access } from 'node:fs/promises';
import type { StackContainer } from '#libs/container-runtime-docker';
import { readInstanceId } from '#libs/platform';
import { readEndpoint } from '../home/endpoint-file.ts';

/** Containers that no `waybill up` will ever look after again: their data folder is gone, or it is another one by now. */
export async function abandoned(containers: readonly StackContainer[]): Promise<readonly StackContainer[]> {
  const keeps = await Promise.all(containers.map(({ home, instanceId }) => isKept(home, instanceId)));
  return containers.filter((_, index) => keeps[index] === false);
}

/** Whether a data folder is that of the container instance. What cannot be read is in doubt, and so it is kept. */
async function isKept(home: string, instanceId: string): Promise<boolean> {
  if (!(await exists(home))) return false;
  try {
    const ids = [(await readEndpoint(home))?.instanceId, await readInstanceId(home)].flatMap((id) => id ?? []);
    return ids.length === 0 || ids.includes(instanceId);
  } catch {
    return true;
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await access(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
