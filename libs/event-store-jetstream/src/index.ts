export { checkServer } from './check-server.ts';
export type { CheckServerOptions } from './check-server.ts';
export { FileWitnessStore } from './file-witness-store.ts';
export { openJournal } from './jetstream-event-store.ts';
export { JournalRefused } from './journal-stream.ts';
export type { JournalOptions } from './journal-stream.ts';
export type { LeaseCampaign, LeaseHandlers } from './lease/lease-campaign.ts';
export { WriterLeases } from './lease/writer-leases.ts';
export type { WriterLeasesOptions } from './lease/writer-leases.ts';
