/* What the log keeps of how a cluster is configured. */

export interface RecordedClusterConfiguration {
  readonly executeCommandConfiguration?: RecordedExecuteCommandConfiguration;
  readonly managedStorageConfiguration?: RecordedManagedStorageConfiguration;
}

export interface RecordedExecuteCommandConfiguration {
  readonly kmsKeyId?: string;
  readonly logging?: RecordedExecuteCommandLogging;
  readonly logConfiguration?: RecordedExecuteCommandLogConfiguration;
}

export interface RecordedManagedStorageConfiguration {
  readonly kmsKeyId?: string;
  readonly fargateEphemeralStorageKmsKeyId?: string;
}

export type RecordedExecuteCommandLogging = 'DEFAULT' | 'NONE' | 'OVERRIDE';

export interface RecordedExecuteCommandLogConfiguration {
  readonly cloudWatchLogGroupName?: string;
  readonly cloudWatchEncryptionEnabled?: boolean;
  readonly s3BucketName?: string;
  readonly s3EncryptionEnabled?: boolean;
  readonly s3KeyPrefix?: string;
}
