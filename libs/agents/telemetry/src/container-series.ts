import type { ContainerMetrics } from '#libs/agents/protocol';
import type { StorageBytes } from './cgroup.ts';
import type { NetworkBytes } from './network-devices.ts';
import { CounterPair, Statistics } from './statistics.ts';

/** What was read of a container at one moment. Absent: it could not be read, or does not apply. */
export interface ContainerReading {
  readonly cpuNanoseconds?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly network?: NetworkBytes | undefined;
  readonly storage?: StorageBytes | undefined;
}

const NOTHING: ContainerReading = {};
const NS_PER_MS = 1_000_000;
const BYTES_PER_MIB = 1024 * 1024;
const PERCENT = 100;
/** Readings that are further apart are not of one piece: the machine slept, or the process had no turn. */
const GAP_MS_MAX = 10_000;

/** What one run of one container used over time. */
export class ContainerSeries {
  readonly #cpus: number;
  readonly #cpu = new Statistics();
  readonly #memory = new Statistics();
  readonly #network = new CounterPair('rxBytes', 'txBytes');
  readonly #storage = new CounterPair('readBytes', 'writeBytes');
  #cpuBefore: number | undefined;
  #readAt: number | undefined;

  /** @param cpus cores of the host */
  constructor(cpus: number) {
    this.#cpus = cpus;
  }

  /** @param now ms of a clock that never jumps */
  add(reading: ContainerReading, now: number): void {
    const elapsedMs = this.#readAt === undefined ? 0 : now - this.#readAt;
    this.#readAt = now;
    if (elapsedMs <= 0 || elapsedMs > GAP_MS_MAX) this.#forget();
    this.#addCpu(reading.cpuNanoseconds, elapsedMs);
    if (reading.memoryBytes !== undefined) this.#memory.add(Math.floor(reading.memoryBytes / BYTES_PER_MIB));
    this.#network.add(reading.network);
    this.#storage.add(reading.storage);
  }

  /** The next counters are compared with nothing: they may be those of another run. */
  missed(): void {
    this.#readAt = undefined;
    this.#forget();
  }

  /** What was measured since the last time; undefined: nothing. */
  take(): Omit<ContainerMetrics, 'containerName'> | undefined {
    const metrics = {
      cpuStatsSet: this.#cpu.take(),
      memoryStatsSet: this.#memory.take(),
      networkStatsSet: this.#network.take(),
      storageStatsSet: this.#storage.take(),
    };
    const found = Object.entries(metrics).filter(([, value]) => value !== undefined);
    return found.length === 0 ? undefined : (Object.fromEntries(found) as Omit<ContainerMetrics, 'containerName'>);
  }

  #forget(): void {
    this.#cpuBefore = undefined;
    this.#network.add(NOTHING.network);
    this.#storage.add(NOTHING.storage);
  }

  #addCpu(nanoseconds: number | undefined, elapsedMs: number): void {
    const before = this.#cpuBefore;
    this.#cpuBefore = nanoseconds;
    if (before === undefined || nanoseconds === undefined || nanoseconds < before) return;
    this.#cpu.add((((nanoseconds - before) / NS_PER_MS / elapsedMs) * PERCENT) / this.#cpus);
  }
}
