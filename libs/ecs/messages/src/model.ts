/** Members that Waybill carries and echoes without reading them. */
export interface Opaque {
  readonly [member: string]: unknown;
}

/** An environment variable; one without a value is empty. */
export interface KeyValue {
  readonly name: string;
  readonly value?: string;
}

export interface Tag {
  readonly key: string;
  readonly value?: string;
}

export interface PortMapping extends Opaque {
  readonly containerPort?: number;
  /** 0 or absent: a dynamic port (network mode bridge). */
  readonly hostPort?: number;
  readonly protocol?: string;
  readonly name?: string;
}

export interface HealthCheck {
  readonly command: readonly string[];
  /** Seconds. */
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}

export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: string;
}

export interface ContainerDefinition extends Opaque {
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  /** MiB, hard limit. */
  readonly memory?: number;
  /** MiB, soft limit. */
  readonly memoryReservation?: number;
  readonly essential: boolean;
  readonly portMappings: readonly PortMapping[];
  readonly environment: readonly KeyValue[];
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly dockerLabels?: Readonly<Record<string, string>>;
  readonly dependsOn?: readonly ContainerDependency[];
  readonly healthCheck?: HealthCheck;
  /** Seconds. */
  readonly startTimeout?: number;
  readonly stopTimeout?: number;
}

export interface PlacementConstraint {
  readonly type: string;
  readonly expression?: string;
}

export interface PlacementStrategy {
  readonly type: string;
  readonly field?: string;
}

/** An ECS attribute: of a container instance, or required by a task definition. */
export interface Attribute {
  readonly name: string;
  readonly value?: string;
}

export type TaskDefinitionStatus = 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';

/** A registered revision, with Amazon's defaults filled in; never changes but for its status. Wire shape of ECS. */
export interface TaskDefinition extends Opaque {
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly revision: number;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly networkMode?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly requiresAttributes?: readonly Attribute[];
  readonly requiresCompatibilities?: readonly string[];
  readonly runtimePlatform?: { readonly cpuArchitecture?: string; readonly operatingSystemFamily?: string };
}

export interface ContainerOverride extends Opaque {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: readonly KeyValue[];
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
}

export interface TaskOverride extends Opaque {
  readonly containerOverrides?: readonly ContainerOverride[];
  readonly cpu?: string;
  readonly memory?: string;
}
