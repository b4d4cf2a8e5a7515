export type { ContainerFacts, ContainerNetwork, ContainerStats } from './container-facts.ts';
export { RuntimeProblem } from './container-runtime.ts';
export type { ContainerRuntime, RuntimeInfo, RuntimeListener } from './container-runtime.ts';
export { performCall } from './perform-call.ts';
export { SimulatedHost } from './simulated/simulated-host.ts';
export type { SimulatedBehaviour } from './simulated/simulated-container.ts';
export type { DelayMs, SimulatedDelays, SimulatedFailures, SimulatedHostOptions } from './simulated/simulated-host.ts';
export { simulatedDigest } from './simulated/simulated-images.ts';
export { SIMULATED_RUNTIME_INFO, simulatedRuntime } from './simulated/simulated-runtime.ts';
// What the port consists of; adapters need no other entry point.
export type {
  ContainerHint,
  ContainerObservation,
  ContainerSpec,
  ImageSpec,
  InventoryItem,
  NamespaceOwner,
  OwnContainerSpec,
  PauseSpec,
  RuntimeErrorName,
} from '#libs/agents/core';
