export { AgentCore } from './agent-core.ts';
export type { AgentCoreOptions, AgentOutput, HostTask } from './agent-output.ts';
export { withOverrides } from './container-spec.ts';
export { metadataEndpointId } from './metadata-endpoint.ts';
export type { KnownContainer, ReadonlyKnownTask } from './known.ts';
export type { ContainerSpec, ImageSpec, NamespaceOwner, OwnContainerSpec, PauseSpec } from './container-spec.ts';
export { PAUSE_CONTAINER_NAME } from './pause-container.ts';
export { STARTS_IN_FLIGHT_PER_CORE } from './limits.ts';
export type {
  CallResult,
  ContainerHint,
  ContainerObservation,
  InventoryItem,
  RuntimeCall,
  RuntimeErrorName,
} from './step.ts';
