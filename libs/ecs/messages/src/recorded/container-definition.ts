/* A container of a recorded task definition; see `task-definition.ts`. */

export interface RecordedContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly repositoryCredentials?: RecordedRepositoryCredentials;
  readonly cpu: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly links?: readonly string[];
  readonly portMappings: readonly RecordedPortMapping[];
  readonly essential: boolean;
  readonly restartPolicy?: RecordedContainerRestartPolicy;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: readonly RecordedEnvironmentVariable[];
  readonly environmentFiles?: readonly RecordedEnvironmentFile[];
  readonly mountPoints?: readonly RecordedMountPoint[];
  readonly volumesFrom?: readonly RecordedVolumeFrom[];
  readonly linuxParameters?: RecordedLinuxParameters;
  readonly secrets?: readonly RecordedSecret[];
  readonly dependsOn?: readonly RecordedContainerDependency[];
  readonly startTimeout?: number;
  readonly stopTimeout?: number;
  readonly versionConsistency?: RecordedVersionConsistency;
  readonly hostname?: string;
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly disableNetworking?: boolean;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly dnsServers?: readonly string[];
  readonly dnsSearchDomains?: readonly string[];
  readonly extraHosts?: readonly RecordedHostEntry[];
  readonly dockerSecurityOptions?: readonly string[];
  readonly interactive?: boolean;
  readonly pseudoTerminal?: boolean;
  readonly dockerLabels?: Readonly<Record<string, string>>;
  readonly ulimits?: readonly RecordedUlimit[];
  readonly logConfiguration?: RecordedLogConfiguration;
  readonly healthCheck?: RecordedHealthCheck;
  readonly systemControls?: readonly RecordedSystemControl[];
  readonly resourceRequirements?: readonly RecordedResourceRequirement[];
  readonly firelensConfiguration?: RecordedFirelensConfiguration;
  readonly credentialSpecs?: readonly string[];
}

export interface RecordedRepositoryCredentials {
  readonly credentialsParameter: string;
}

export interface RecordedPortMapping {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly protocol?: RecordedTransportProtocol;
  readonly name?: string;
  readonly appProtocol?: RecordedApplicationProtocol;
  readonly containerPortRange?: string;
}

export interface RecordedContainerRestartPolicy {
  readonly enabled: boolean;
  readonly ignoredExitCodes?: readonly number[];
  readonly restartAttemptPeriod?: number;
}

/** One without a value is empty. */
export interface RecordedEnvironmentVariable {
  readonly name: string;
  readonly value?: string;
}

export interface RecordedKeyValue {
  readonly name?: string;
  readonly value?: string;
}

export interface RecordedEnvironmentFile {
  readonly value: string;
  readonly type: RecordedEnvironmentFileType;
}

export interface RecordedMountPoint {
  readonly sourceVolume?: string;
  readonly containerPath?: string;
  readonly readOnly?: boolean;
}

export interface RecordedVolumeFrom {
  readonly sourceContainer?: string;
  readonly readOnly?: boolean;
}

export interface RecordedLinuxParameters {
  readonly capabilities?: RecordedKernelCapabilities;
  readonly devices?: readonly RecordedDevice[];
  readonly initProcessEnabled?: boolean;
  readonly sharedMemorySize?: number;
  readonly tmpfs?: readonly RecordedTmpfs[];
  readonly maxSwap?: number;
  readonly swappiness?: number;
}

export interface RecordedSecret {
  readonly name: string;
  readonly valueFrom: string;
}

export interface RecordedContainerDependency {
  readonly containerName: string;
  readonly condition: RecordedContainerCondition;
}

export type RecordedVersionConsistency = 'disabled' | 'enabled';

export interface RecordedHostEntry {
  readonly hostname: string;
  readonly ipAddress: string;
}

export interface RecordedUlimit {
  readonly name: RecordedUlimitName;
  readonly softLimit: number;
  readonly hardLimit: number;
}

export interface RecordedLogConfiguration {
  readonly logDriver: RecordedLogDriver;
  readonly options?: Readonly<Record<string, string>>;
  readonly secretOptions?: readonly RecordedSecret[];
}

export interface RecordedHealthCheck {
  readonly command: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}

export interface RecordedSystemControl {
  readonly namespace?: string;
  readonly value?: string;
}

export interface RecordedResourceRequirement {
  readonly type: RecordedResourceType;
  readonly value?: string;
  readonly sharingStrategy?: RecordedSharingStrategy;
}

export interface RecordedFirelensConfiguration {
  readonly type: RecordedFirelensConfigurationType;
  readonly options?: Readonly<Record<string, string>>;
}

export type RecordedTransportProtocol = 'tcp' | 'udp';

export type RecordedApplicationProtocol = 'grpc' | 'http' | 'http2';

export type RecordedEnvironmentFileType = 's3';

export interface RecordedKernelCapabilities {
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
}

export interface RecordedDevice {
  readonly hostPath: string;
  readonly containerPath?: string;
  readonly permissions?: readonly RecordedDeviceCgroupPermission[];
}

export interface RecordedTmpfs {
  readonly containerPath: string;
  readonly size: number;
  readonly mountOptions?: readonly string[];
}

export type RecordedContainerCondition = 'COMPLETE' | 'HEALTHY' | 'START' | 'SUCCESS';

export type RecordedUlimitName =
  | 'core'
  | 'cpu'
  | 'data'
  | 'fsize'
  | 'locks'
  | 'memlock'
  | 'msgqueue'
  | 'nice'
  | 'nofile'
  | 'nproc'
  | 'rss'
  | 'rtprio'
  | 'rttime'
  | 'sigpending'
  | 'stack';

export type RecordedLogDriver =
  'awsfirelens' | 'awslogs' | 'fluentd' | 'gelf' | 'journald' | 'json-file' | 'splunk' | 'syslog';

export type RecordedResourceType = 'GPU' | 'InferenceAccelerator' | 'NeuronDevice';

export type RecordedSharingStrategy = { readonly nvidiaMps: RecordedNvidiaMpsAllocation };

export type RecordedFirelensConfigurationType = 'fluentbit' | 'fluentd';

export type RecordedDeviceCgroupPermission = 'mknod' | 'read' | 'write';

export interface RecordedInferenceAccelerator {
  readonly deviceName: string;
  readonly deviceType: string;
}

export interface RecordedNvidiaMpsAllocation {
  readonly memory: number;
  readonly maxComputePercent?: number;
}
