export { AppendDoubt } from './append-doubt.ts';
export { JournalDamaged, StoreUnavailable } from './event-store.ts';
export type {
  AppendOutcome,
  CommitHandlers,
  CommitLog,
  CommitSubscription,
  EventStore,
  ForeignMessage,
  StoredCommit,
} from './event-store.ts';
export { InMemoryEventStore } from './in-memory-event-store.ts';
export type { AppendFault, InMemoryEventStoreOptions } from './in-memory-event-store.ts';
export { APPEND_TIMEOUT_MS, LEASE_RENEW_INTERVAL_MS, LEASE_SAFETY_MARGIN_MS, LEASE_TTL_MS } from './terms.ts';
export { checkWitness, InMemoryWitnessStore, newerWitness, WitnessContradicted } from './witness.ts';
export type { Witness, WitnessStore } from './witness.ts';
