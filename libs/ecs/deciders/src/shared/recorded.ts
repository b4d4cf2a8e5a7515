import type {
  ClusterConfiguration,
  DeploymentConfiguration,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  RecordedClusterConfiguration,
  RecordedDeploymentConfiguration,
  RecordedNetworkConfiguration,
  RecordedPlacementConstraint,
  RecordedPlacementStrategy,
  RecordedTag,
  RecordedTaskDefinition,
  RecordedTaskOverride,
  Tag,
  TaskDefinition,
  TaskOverride,
} from '#libs/ecs/messages';

/* From what a request consists of to what events consist of, member by member. */

export function recordedTag({ key, value }: Tag): RecordedTag {
  return value === undefined ? { key } : { key, value };
}

export function recordedConstraint({ type, expression }: PlacementConstraint): RecordedPlacementConstraint {
  return { ...(type !== undefined && { type }), ...(expression !== undefined && { expression }) };
}

export function recordedStrategy({ type, field }: PlacementStrategy): RecordedPlacementStrategy {
  return { ...(type !== undefined && { type }), ...(field !== undefined && { field }) };
}

/* Documents are kept as they came; their types say that the record has a place for every member. */

/** Who registered or deleted a definition, and when, is in the events about it. */
type DefinitionItself = Omit<TaskDefinition, 'registeredAt' | 'registeredBy' | 'deregisteredAt' | 'deleteRequestedAt'>;

export function recordedTaskDefinition(document: DefinitionItself): RecordedTaskDefinition {
  return whole<DefinitionItself, RecordedTaskDefinition>(document);
}

export function recordedOverrides(document: TaskOverride): RecordedTaskOverride {
  return whole<TaskOverride, RecordedTaskOverride>(document);
}

export function recordedNetworkConfiguration(document: NetworkConfiguration): RecordedNetworkConfiguration {
  return whole<NetworkConfiguration, RecordedNetworkConfiguration>(document);
}

export function recordedDeploymentConfiguration(document: DeploymentConfiguration): RecordedDeploymentConfiguration {
  return whole<DeploymentConfiguration, RecordedDeploymentConfiguration>(document);
}

export function recordedClusterConfiguration(document: ClusterConfiguration): RecordedClusterConfiguration {
  return whole<ClusterConfiguration, RecordedClusterConfiguration>(document);
}

/** The names of all members, however deep. */
type Members<Shape> = Shape extends readonly (infer Item)[]
  ? Members<Item>
  : Shape extends object
    ? { readonly [Name in keyof Shape]-?: Members<NonNullable<Shape[Name]>> }
    : true;

/** Never, and so no argument at all, once the model has a member that the record lacks: then the event needs a new version. */
type KeptWhole<Model, Recorded> = Members<Recorded> extends Members<Model> ? Model : never;

function whole<Model extends Recorded, Recorded>(document: KeptWhole<Model, Recorded>): Recorded {
  return document;
}
