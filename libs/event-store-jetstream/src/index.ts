export { JetStreamEventStore, openJournal } from './jetstream-event-store.ts';
export { JournalRefused } from './journal-stream.ts';
export type { JournalOptions } from './journal-stream.ts';
