/** What a host offers; reported at registration. CPU units (1024 a core), MiB, port numbers. */
export interface InstanceResources {
  readonly cpu: number;
  readonly memory: number;
  readonly reservedTcpPorts: readonly number[];
  readonly reservedUdpPorts: readonly number[];
  readonly gpuIds?: readonly string[];
}

export interface InstanceVersionInfo {
  readonly agentVersion: string;
  readonly agentHash?: string;
  readonly dockerVersion: string;
}
