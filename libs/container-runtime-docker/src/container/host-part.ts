import type { HostConfig } from 'dockerode';

/** What a container has of its host, besides what its definition says. */
export interface HostPart {
  /** For containers that name no log configuration. */
  readonly defaultLog: HostConfig['LogConfig'];
  /** What a Fargate container gets whose definition does not say. Absent: what Fargate gives. */
  readonly openFiles?: number;
  /** Value of the label for the data folder of `waybill up`. */
  readonly home?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Volumes, devices, the group of the task: what is worked out with the engine and the machine. */
  readonly hostConfig?: HostConfig;
}
