import { randomUUID } from 'node:crypto';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { Module } from '@nestjs/common';
import { Engine, StoreJournal } from '#libs/engine';
import type { EventStore, WitnessStore } from '#libs/event-store';
import type { Locale } from '#libs/kernel';
import { logNotes, processClock, sha256 } from '#libs/platform';
import type { Logger } from 'pino';
import { contexts } from '#contexts';
import { CURSORS, EVENT_STORE, JournalModule, LEASES, WITNESS_STORE } from '../journal/journal.module.ts';
import type { Leases } from '../journal/lease/lease-thread.ts';
import { OWN_NATS } from '../nats/nats.module.ts';
import { LOCALE, LOG, PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { EngineDamage } from './engine-damage.ts';
import { EngineRun } from './engine-run.ts';
import { FileWitnesses, noWitnesses } from './file-witnesses.ts';
import { KvCursors } from './kv-cursors.ts';
import { NatsPeers, PeerCommands } from './nats-peers.ts';
import { Outlets } from './outlets.ts';
import { noLease, WriterLease } from './writer-lease.ts';

function createEngine(
  { roles, log }: ProcessOptions,
  locale: Locale,
  store: EventStore,
  witnesses: WitnessStore,
  cursors: KV,
  leases: Leases,
  nc: NatsConnection,
  outlets: Outlets,
  damage: EngineDamage,
): Engine {
  const mayWrite = roles.has('writer');
  const kinds = contexts.flatMap(({ shardKinds }) => shardKinds);
  return new Engine({
    contexts,
    locale,
    holder: randomUUID(),
    ports: {
      journal: new StoreJournal(store),
      lease: mayWrite ? new WriterLease(leases, locale.account) : noLease,
      witnesses: mayWrite ? new FileWitnesses(witnesses, log) : noWitnesses,
      cursors: new KvCursors(cursors),
      peers: new NatsPeers(nc, (shard) => kinds.find((kind) => kind.owns(shard, locale))),
      clock: processClock,
      ids: { fresh: randomUUID },
      notes: logNotes(log),
      sha256,
    },
    // Access policies come with IAM: until then a principal that NATS or a signature has proved may do everything.
    authorise: () => null,
    outlets: () => outlets.all,
    onCommit: (commit, streamRevision) => outlets.delivered(commit, streamRevision),
    onDamaged: (error) => damage.report(error),
  });
}

/** The engine, which runs the contexts, over the ports of this process. */
@Module({
  imports: [JournalModule],
  providers: [
    Outlets,
    EngineDamage,
    {
      provide: Engine,
      inject: [PROCESS, LOCALE, EVENT_STORE, WITNESS_STORE, CURSORS, LEASES, OWN_NATS, Outlets, EngineDamage],
      useFactory: createEngine,
    },
    {
      provide: PeerCommands,
      inject: [OWN_NATS, Engine, LOG],
      useFactory: (nc: NatsConnection, engine: Engine, log: Logger) => new PeerCommands(nc, engine, log),
    },
    EngineRun,
  ],
  exports: [JournalModule, Engine, Outlets],
})
export class EngineModule {}
