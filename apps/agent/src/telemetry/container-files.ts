import { cgroupFilesOf, cpuNanoseconds, memoryBytes, networkBytes, storageBytes } from '#libs/agents/telemetry';
import type { CgroupFiles, ContainerReading, NetworkBytes } from '#libs/agents/telemetry';
import type { HostFiles } from './host-files.ts';

/** Where one run of a container is read. */
export interface ContainerFiles {
  readonly cgroup: CgroupFiles;
  /** Of its first process, which sees the interfaces of the container's network. */
  readonly networkDevices: string;
}

/** undefined: the process is not (any more) one of that container on this machine. */
export function containerFilesOf(files: HostFiles, runtimeId: string, pid: number): ContainerFiles | undefined {
  const cgroups = files.read(`/proc/${pid}/cgroup`);
  const mounts = files.read('/proc/self/mountinfo');
  if (cgroups === null || mounts === null) return undefined;
  const cgroup = cgroupFilesOf(cgroups, mounts, runtimeId);
  return cgroup === undefined ? undefined : { cgroup, networkDevices: `/proc/${pid}/net/dev` };
}

/** undefined: the container has ended. */
export function readContainer(
  files: HostFiles,
  { cgroup }: ContainerFiles,
): Omit<ContainerReading, 'network'> | undefined {
  const { version } = cgroup;
  const cpu = files.read(cgroup.cpu);
  if (cpu === null) return undefined;
  const [usage, details] = [files.read(cgroup.memory), files.read(cgroup.memoryDetails)];
  const storage = files.read(cgroup.storage);
  return {
    cpuNanoseconds: cpuNanoseconds(version, cpu),
    memoryBytes: usage === null || details === null ? undefined : memoryBytes(version, usage, details),
    storage: storage === null ? undefined : storageBytes(version, storage),
  };
}

export function readNetwork(files: HostFiles, { networkDevices }: ContainerFiles): NetworkBytes | undefined {
  const devices = files.read(networkDevices);
  return devices === null ? undefined : networkBytes(devices);
}
