import type {
  RecordedEnvironmentFile,
  RecordedEnvironmentVariable,
  RecordedResourceRequirement,
} from './container-definition.ts';
import type { RecordedEphemeralStorage } from './task-definition.ts';

/* What a recorded request asked for in place of what its task definition says. */

export interface RecordedTaskOverride {
  readonly containerOverrides?: readonly RecordedContainerOverride[];
  readonly cpu?: string;
  readonly inferenceAcceleratorOverrides?: readonly RecordedInferenceAcceleratorOverride[];
  readonly executionRoleArn?: string;
  readonly memory?: string;
  readonly taskRoleArn?: string;
  readonly ephemeralStorage?: RecordedEphemeralStorage;
}

export interface RecordedContainerOverride {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: readonly RecordedEnvironmentVariable[];
  readonly environmentFiles?: readonly RecordedEnvironmentFile[];
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly resourceRequirements?: readonly RecordedResourceRequirement[];
}

export interface RecordedInferenceAcceleratorOverride {
  readonly deviceName?: string;
  readonly deviceType?: string;
}
