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
export { checkWitness, InMemoryWitnessStore, newerWitness, WitnessContradicted } from './witness.ts';
export type { Witness, WitnessStore } from './witness.ts';
