import type * as model from './generated/ecs-model.ts';

/*
 * Shapes of Amazon's that commands and events carry. Each is a type of its own over the generated one: what the domain
 * needs of it is always there, because it was checked or filled in before anything was decided.
 */

/** A shape with members that are always there. */
type Having<Shape, Member extends keyof Shape> = Omit<Shape, Member> & { readonly [Name in Member]-?: Shape[Name] };

/** An environment variable; one without a value is empty. */
export type KeyValue = Having<model.KeyValuePair, 'name'>;

export type Tag = Having<model.Tag, 'key'>;

/** `hostPort` 0 or absent: a dynamic port (network mode bridge). */
export type PortMapping = model.PortMapping;

/** Times in seconds. */
export type HealthCheck = model.HealthCheck;

export type ContainerDependency = model.ContainerDependency;

export interface ContainerDefinition extends Having<model.ContainerDefinition, 'name' | 'image' | 'cpu' | 'essential'> {
  readonly portMappings: readonly PortMapping[];
  readonly environment: readonly KeyValue[];
}

export type PlacementConstraint = model.PlacementConstraint;
export type PlacementStrategy = model.PlacementStrategy;

/** An ECS attribute: of a container instance, or required by a task definition. */
export type Attribute = Pick<model.Attribute, 'name' | 'value'>;

export type TaskDefinitionStatus = model.TaskDefinitionStatus;

/** A registered revision, with Amazon's defaults filled in; never changes but for its status. */
export interface TaskDefinition extends Having<
  Omit<model.TaskDefinition, 'status' | 'requiresAttributes'>,
  'taskDefinitionArn' | 'family' | 'revision' | 'placementConstraints'
> {
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly requiresAttributes?: readonly Attribute[];
}

export interface ContainerOverride extends Having<model.ContainerOverride, 'name'> {
  readonly environment?: readonly KeyValue[];
}

export interface TaskOverride extends model.TaskOverride {
  readonly containerOverrides?: readonly ContainerOverride[];
}

/** A container and a volume of a definition as ECS takes them. */
export type ContainerInput = model.ContainerDefinition;
export type Volume = model.Volume;

/** RegisterTaskDefinition as ECS takes it; defaults are filled in when decided. */
export type TaskDefinitionInput = Omit<model.RegisterTaskDefinitionRequest, 'tags'>;

/** Where a definition can run. */
export type Compatibility = model.Compatibility;

export type LaunchType = model.LaunchType;
export type SchedulingStrategy = model.SchedulingStrategy;
export type PropagateTags = model.PropagateTags;
export type AvailabilityZoneRebalancing = model.AvailabilityZoneRebalancing;
export type DeploymentController = model.DeploymentController;

/** A volume that a task definition leaves to the launch; services know no `terminationPolicy`. */
export interface VolumeConfiguration extends Omit<model.TaskVolumeConfiguration, 'managedEBSVolume'> {
  readonly managedEBSVolume?: ManagedVolume;
}

interface ManagedVolume extends Omit<model.TaskManagedEBSVolumeConfiguration, 'tagSpecifications'> {
  readonly tagSpecifications?: readonly VolumeTags[];
}

interface VolumeTags extends Omit<model.EBSTagSpecification, 'tags'> {
  readonly tags?: readonly Tag[];
}

export type NetworkConfiguration = model.NetworkConfiguration;
export type CapacityProviderStrategyItem = model.CapacityProviderStrategyItem;
/** Both percentages are filled in. */
export type DeploymentConfiguration = Having<model.DeploymentConfiguration, 'maximumPercent' | 'minimumHealthyPercent'>;
export type DeploymentCircuitBreaker = model.DeploymentCircuitBreaker;

export type ClusterSetting = Having<model.ClusterSetting, 'name' | 'value'>;
export type ClusterConfiguration = model.ClusterConfiguration;
export type ClusterServiceConnectDefaults = model.ClusterServiceConnectDefaultsRequest;
