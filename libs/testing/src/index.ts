export { CommitChain, sha256 } from './event-store/commit-chain.ts';
export type { ChainedCommit } from './event-store/commit-chain.ts';
export { describeEventStore } from './event-store/describe-event-store.ts';
export type { EventStoreUnderTest } from './event-store/describe-event-store.ts';
export { Follower } from './event-store/follower.ts';
export { FaultyLine } from './faulty-line.ts';
export type { LostOn } from './faulty-line.ts';
export { testNatsServer } from './test-nats-server.ts';
export type { TestNatsServer, TestNatsServerOptions } from './test-nats-server.ts';
