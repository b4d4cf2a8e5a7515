export { StoreUnavailable } from './event-store.ts';
export type { AppendOutcome, CommitHandlers, CommitSubscription, EventStore, StoredCommit } from './event-store.ts';
