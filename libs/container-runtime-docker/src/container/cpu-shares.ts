export const CPU_UNITS_PER_CORE = 1024;

/** Bounds of Docker and of the kernel's control groups, version 1. */
export const CPU_SHARES_MIN = 2;
export const CPU_SHARES_MAX = 262_144;

/** CPU units as shares: what a container or a task weighs against others while the CPU is busy. */
export function cpuSharesOf(cpuUnits: number): number {
  return Math.min(CPU_SHARES_MAX, Math.max(CPU_SHARES_MIN, cpuUnits));
}
