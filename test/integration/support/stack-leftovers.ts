import path from 'node:path';
import { DockerRuntime, listStackContainers, removeSecurityRules } from '#libs/container-runtime-docker';
import { readInstanceId } from '#libs/platform';
import { removeNetwork } from '#libs/testing';
import Docker from 'dockerode';

/** What a stopped `waybill up` leaves on the engine and the machine: its containers, their volumes, its network and its rules. */
export async function removeLeftovers(home: string, network: string): Promise<void> {
  const docker = new Docker();
  const instanceId = await readInstanceId(home);
  if (instanceId !== null) {
    const runtime = new DockerRuntime({ instanceId, volumeFolder: path.join(home, 'agent', 'volumes') });
    for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
    await runtime.close();
    await removeSecurityRules(instanceId);
  }
  // Those that wait for a task are no agent's to list.
  const others = (await listStackContainers()).filter((container) => container.home === home);
  for (const { runtimeId } of others) await docker.getContainer(runtimeId).remove({ force: true });
  await removeNetwork(docker, network);
}
