/* A volume of a recorded task definition; see `task-definition.ts`. */

export interface RecordedVolume {
  readonly name?: string;
  readonly host?: RecordedHostVolumeProperties;
  readonly dockerVolumeConfiguration?: RecordedDockerVolumeConfiguration;
  readonly efsVolumeConfiguration?: RecordedEFSVolumeConfiguration;
  readonly s3filesVolumeConfiguration?: RecordedS3FilesVolumeConfiguration;
  readonly fsxWindowsFileServerVolumeConfiguration?: RecordedFSxWindowsFileServerVolumeConfiguration;
  readonly configuredAtLaunch?: boolean;
}

export interface RecordedHostVolumeProperties {
  readonly sourcePath?: string;
}

export interface RecordedDockerVolumeConfiguration {
  readonly scope?: RecordedScope;
  readonly autoprovision?: boolean;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RecordedEFSVolumeConfiguration {
  readonly fileSystemId: string;
  readonly rootDirectory?: string;
  readonly transitEncryption?: RecordedEFSTransitEncryption;
  readonly transitEncryptionPort?: number;
  readonly authorizationConfig?: RecordedEFSAuthorizationConfig;
}

export interface RecordedS3FilesVolumeConfiguration {
  readonly fileSystemArn: string;
  readonly rootDirectory?: string;
  readonly transitEncryptionPort?: number;
  readonly accessPointArn?: string;
}

export interface RecordedFSxWindowsFileServerVolumeConfiguration {
  readonly fileSystemId: string;
  readonly rootDirectory: string;
  readonly authorizationConfig: RecordedFSxWindowsFileServerAuthorizationConfig;
}

export type RecordedScope = 'shared' | 'task';

export type RecordedEFSTransitEncryption = 'DISABLED' | 'ENABLED';

export interface RecordedEFSAuthorizationConfig {
  readonly accessPointId?: string;
  readonly iam?: RecordedEFSAuthorizationConfigIAM;
}

export interface RecordedFSxWindowsFileServerAuthorizationConfig {
  readonly credentialsParameter: string;
  readonly domain: string;
}

export type RecordedEFSAuthorizationConfigIAM = 'DISABLED' | 'ENABLED';
