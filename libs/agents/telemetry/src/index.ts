export { cgroupFilesOf, cpuNanoseconds, memoryBytes, storageBytes } from './cgroup.ts';
export type { CgroupFiles } from './cgroup.ts';
export { ContainerSeries } from './container-series.ts';
export type { ContainerReading } from './container-series.ts';
export { metricsMessages } from './metrics-messages.ts';
export { networkBytes } from './network-devices.ts';
export type { NetworkBytes } from './network-devices.ts';
