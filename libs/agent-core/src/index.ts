export { AgentCore } from './agent-core.ts';
export type { AgentCoreOptions, AgentOutput } from './agent-core.ts';
export { advance } from './advance.ts';
export { applyResult } from './apply-result.ts';
export type { ContainerSpec } from './container-spec.ts';
export { runtimeNameOf } from './container-spec.ts';
export { alignContainers, newContainer, newTask } from './known.ts';
export type { ContainerPhase, KnownContainer, KnownTask, TaskEnding } from './known.ts';
export { CLEANUP_DELAY_MS_DEFAULT, STARTS_IN_FLIGHT_PER_CORE } from './limits.ts';
export { nextStep } from './next-step.ts';
export type {
  CallResult,
  ContainerHint,
  ContainerObservation,
  InventoryItem,
  RuntimeCall,
  RuntimeErrorName,
  Step,
} from './step.ts';
export type { StepOrder } from './task-board.ts';
