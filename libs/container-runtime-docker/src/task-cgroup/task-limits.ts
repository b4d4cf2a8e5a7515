import type { ContainerSpec } from '#libs/container-runtime';
import { CPU_SHARES_MAX, CPU_SHARES_MIN, CPU_UNITS_PER_CORE, cpuSharesOf } from '../container/cpu-shares.ts';

const MIB = 1024 * 1024;
/** ECS agent: DefaultCPUPeriod. */
const CPU_PERIOD_MICROSECONDS = 100_000;
/** The kernel's bound with version 2, which has weights instead of shares. */
const CPU_WEIGHT_MAX = 10_000;

/** What all containers of a task get together. */
export interface TaskLimits {
  /** CPU units, a hard cap. Absent: no cap. */
  readonly cpu?: number;
  readonly memoryMiB?: number;
  /** What the task weighs against others while the CPU is busy: CPU units. */
  readonly cpuShares: number;
}

/** undefined: the task has no size, so its containers are on their own. */
export function taskLimitsOf({
  taskLimits,
  taskDefinition,
}: Pick<ContainerSpec, 'taskLimits' | 'taskDefinition'>): TaskLimits | undefined {
  const { cpu, memoryMiB } = taskLimits;
  if (cpu === undefined && memoryMiB === undefined) return undefined;
  const sum = taskDefinition.containerDefinitions.reduce((total, container) => total + container.cpu, 0);
  return { ...taskLimits, cpuShares: cpu ?? sum };
}

/** The text of a label, by which a task's group can be made anew after a restart of the machine. */
export function limitsText(limits: TaskLimits): string {
  return JSON.stringify(limits);
}

/** @throws an error if the text is none of `limitsText` */
export function limitsFrom(text: string): TaskLimits {
  return JSON.parse(text) as TaskLimits;
}

/** A file of a control group, below the folder of its controller with version 1, and what is written to it. */
export interface CgroupSetting {
  readonly controller: 'cpu' | 'memory';
  readonly file: string;
  readonly value: string;
}

export function cgroupSettings(version: 1 | 2, { cpu, memoryMiB, cpuShares }: TaskLimits): readonly CgroupSetting[] {
  const setting = (controller: CgroupSetting['controller'], file: string, value: number | string): CgroupSetting => ({
    controller,
    file,
    value: String(value),
  });
  const shares = cpuSharesOf(cpuShares);
  if (version === 1) {
    return [
      setting('cpu', 'cpu.shares', shares),
      ...(cpu === undefined
        ? []
        : [
            setting('cpu', 'cpu.cfs_period_us', CPU_PERIOD_MICROSECONDS),
            setting('cpu', 'cpu.cfs_quota_us', quotaMicroseconds(cpu)),
          ]),
      ...(memoryMiB === undefined ? [] : [setting('memory', 'memory.limit_in_bytes', memoryMiB * MIB)]),
    ];
  }
  return [
    setting('cpu', 'cpu.weight', weightOf(shares)),
    ...(cpu === undefined ? [] : [setting('cpu', 'cpu.max', `${quotaMicroseconds(cpu)} ${CPU_PERIOD_MICROSECONDS}`)]),
    ...(memoryMiB === undefined ? [] : [setting('memory', 'memory.max', memoryMiB * MIB)]),
  ];
}

/** Of a systemd slice. systemd names the memory limit of version 1 in another way. */
export function sliceProperties(version: 1 | 2, { cpu, memoryMiB, cpuShares }: TaskLimits): readonly string[] {
  const shares = cpuSharesOf(cpuShares);
  return [
    version === 1 ? `CPUShares=${shares}` : `CPUWeight=${weightOf(shares)}`,
    ...(cpu === undefined
      ? []
      : [`CPUQuota=${(cpu * 100) / CPU_UNITS_PER_CORE}%`, `CPUQuotaPeriodSec=${CPU_PERIOD_MICROSECONDS}us`]),
    ...(memoryMiB === undefined ? [] : [`${version === 1 ? 'MemoryLimit' : 'MemoryMax'}=${memoryMiB * MIB}`]),
  ];
}

function quotaMicroseconds(cpu: number): number {
  return Math.round((cpu * CPU_PERIOD_MICROSECONDS) / CPU_UNITS_PER_CORE);
}

/** As runc converts shares of version 1. */
function weightOf(shares: number): number {
  return 1 + Math.floor(((shares - CPU_SHARES_MIN) * (CPU_WEIGHT_MAX - 1)) / (CPU_SHARES_MAX - CPU_SHARES_MIN));
}
