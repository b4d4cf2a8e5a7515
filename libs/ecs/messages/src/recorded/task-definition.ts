import type { RecordedAttribute } from './common.ts';
import type {
  RecordedContainerDefinition,
  RecordedInferenceAccelerator,
  RecordedKeyValue,
} from './container-definition.ts';
import type { RecordedVolume } from './volume.ts';

/*
 * What the log keeps of a registered task definition: the members of ECS as they were when this was written. The generated
 * model follows Amazon; what is in here changes by a new version of an event only.
 */

export interface RecordedTaskDefinition {
  readonly taskDefinitionArn: string;
  readonly containerDefinitions: readonly RecordedContainerDefinition[];
  readonly family: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly networkMode?: RecordedNetworkMode;
  readonly revision: number;
  readonly volumes?: readonly RecordedVolume[];
  readonly requiresAttributes?: readonly RecordedAttribute[];
  readonly placementConstraints: readonly RecordedTaskDefinitionPlacementConstraint[];
  readonly compatibilities?: readonly RecordedCompatibility[];
  readonly runtimePlatform?: RecordedRuntimePlatform;
  readonly requiresCompatibilities?: readonly RecordedCompatibility[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly inferenceAccelerators?: readonly RecordedInferenceAccelerator[];
  readonly pidMode?: RecordedPidMode;
  readonly ipcMode?: RecordedIpcMode;
  readonly proxyConfiguration?: RecordedProxyConfiguration;
  readonly ephemeralStorage?: RecordedEphemeralStorage;
  readonly enableFaultInjection?: boolean;
}

export type RecordedNetworkMode = 'awsvpc' | 'bridge' | 'host' | 'none';

export interface RecordedTaskDefinitionPlacementConstraint {
  readonly type?: RecordedTaskDefinitionPlacementConstraintType;
  readonly expression?: string;
}

export type RecordedCompatibility = 'EC2' | 'EXTERNAL' | 'FARGATE' | 'MANAGED_INSTANCES';

export interface RecordedRuntimePlatform {
  readonly cpuArchitecture?: RecordedCPUArchitecture;
  readonly operatingSystemFamily?: RecordedOSFamily;
}

export type RecordedPidMode = 'host' | 'task';

export type RecordedIpcMode = 'host' | 'none' | 'task';

export interface RecordedProxyConfiguration {
  readonly containerName: string;
  readonly type?: RecordedProxyConfigurationType;
  readonly properties?: readonly RecordedKeyValue[];
}

export interface RecordedEphemeralStorage {
  readonly sizeInGiB: number;
}

export type RecordedTargetType = 'container-instance';

export type RecordedTaskDefinitionPlacementConstraintType = 'memberOf';

export type RecordedCPUArchitecture = 'ARM64' | 'X86_64';

export type RecordedOSFamily =
  | 'LINUX'
  | 'WINDOWS_SERVER_2004_CORE'
  | 'WINDOWS_SERVER_2016_FULL'
  | 'WINDOWS_SERVER_2019_CORE'
  | 'WINDOWS_SERVER_2019_FULL'
  | 'WINDOWS_SERVER_2022_CORE'
  | 'WINDOWS_SERVER_2022_FULL'
  | 'WINDOWS_SERVER_2025_CORE'
  | 'WINDOWS_SERVER_2025_FULL'
  | 'WINDOWS_SERVER_20H2_CORE';

export type RecordedProxyConfigurationType = 'APPMESH';
