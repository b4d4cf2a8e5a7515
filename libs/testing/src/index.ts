export { busyboxImage } from './container-runtime/busybox-image.ts';
export type { TestImage } from './container-runtime/busybox-image.ts';
export { containerSpecOf, eventually } from './container-runtime/container-specs.ts';
export { freeRange, outputIn, removeNetwork } from './container-runtime/engine.ts';
export { joiningSpecOf, pauseSpecOf } from './container-runtime/pause-specs.ts';
export {
  endOf,
  problemOf,
  removeContainers,
  runContainer,
  startContainer,
} from './container-runtime/run-containers.ts';
export { CONTRACT_COMMANDS, OBEYS, describeContainerRuntime } from './container-runtime/describe-container-runtime.ts';
export type { ContainerRuntimeUnderTest } from './container-runtime/describe-container-runtime.ts';
export { CommitChain } from './event-store/commit-chain.ts';
export type { ChainedCommit } from './event-store/commit-chain.ts';
export { describeEventStore } from './event-store/describe-event-store.ts';
export type { EventStoreUnderTest } from './event-store/describe-event-store.ts';
export { Follower } from './event-store/follower.ts';
export { FaultyLine } from './faulty-line.ts';
export type { LostOn } from './faulty-line.ts';
export { REGISTRY_USER, testRegistry } from './registry/test-registry.ts';
export type { PushedImage, TestRegistry } from './registry/test-registry.ts';
export { FaultyRegistry, sayError } from './registry/faulty-registry.ts';
export type { Answer } from './registry/faulty-registry.ts';
export { testNatsServer } from './test-nats-server.ts';
export type { TestNatsServer, TestNatsServerOptions } from './test-nats-server.ts';
export { damageJournal } from './damage-journal.ts';
export { copying, counterContext } from './counter.context.ts';
export { sha256 } from '#libs/platform';
