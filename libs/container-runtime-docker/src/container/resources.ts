import type { HostConfig } from 'dockerode';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { CPU_UNITS_PER_CORE, cpuSharesOf } from './cpu-shares.ts';

const MIB = 1024 * 1024;
/** Docker's bound. */
const MEMORY_MIB_MIN = 6;
const NANO_CPUS_PER_CORE = 1e9;
/** API reference, LinuxParameters: swappiness of a container that has maxSwap alone. */
const SWAPPINESS_DEFAULT = 60;

/**
 * CPU is a share, memory a limit.
 * @param isBoundTogether the container is in the control group of its task. Else the size of the task bounds each container
 *   that has no bound of its own.
 */
export function resourcesOf({ container, taskLimits }: OwnContainerSpec, isBoundTogether: boolean): HostConfig {
  const { cpu, memory, memoryReservation, linuxParameters: { maxSwap: swapMiB } = {} } = container;
  // Swap is an addition to a limit of the container.
  const needsTaskMemory = !isBoundTogether || swapMiB !== undefined;
  const memoryMiB = positive(memory) ?? (needsTaskMemory ? taskLimits.memoryMiB : undefined);
  const taskCpu = isBoundTogether ? undefined : taskLimits.cpu;
  return {
    CpuShares: cpuSharesOf(cpu),
    ...(taskCpu === undefined ? {} : { NanoCpus: Math.round((taskCpu / CPU_UNITS_PER_CORE) * NANO_CPUS_PER_CORE) }),
    ...(memoryMiB === undefined ? {} : { Memory: bytes(memoryMiB) }),
    ...(positive(memoryReservation) === undefined ? {} : { MemoryReservation: bytes(memoryReservation ?? 0) }),
    ...(swapMiB === undefined ? {} : swapOf(container.linuxParameters?.swappiness, swapMiB, memoryMiB)),
  };
}

/** Docker refuses swap without a memory limit, and says so. */
function swapOf(swappiness: number | undefined, swapMiB: number, memoryMiB: number | undefined): HostConfig {
  const MemorySwap = (memoryMiB === undefined ? 0 : bytes(memoryMiB)) + swapMiB * MIB;
  return { MemorySwap, MemorySwappiness: swappiness ?? SWAPPINESS_DEFAULT };
}

function bytes(mib: number): number {
  return Math.max(MEMORY_MIB_MIN, mib) * MIB;
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value;
}
