import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Kvm } from '@nats-io/kv';
import type { KV } from '@nats-io/kv';
import { Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { EventStore } from '#libs/event-store';
import { checkServer, FileWitnessStore, openJournal, readJournalRoom, WriterLeases } from '#libs/event-store-jetstream';
import { Metrics } from '../health/metrics.ts';
import type { Connections } from '../nats/connections.ts';
import { CONNECTIONS, NatsModule } from '../nats/nats.module.ts';
import { Closers } from '../process/closers.ts';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { explainedDamage } from './journal-damage.ts';
import type { Leases } from './lease/lease-thread.ts';
import { RoomWatch } from './room-watch.ts';

/** The journal of all shards: an EventStore. */
export const EVENT_STORE = Symbol('EventStore');
/** What this machine has seen acknowledged: a FileWitnessStore. */
export const WITNESS_STORE = Symbol('WitnessStore');
/** Durable positions by name: a KV bucket. */
export const CURSORS = Symbol('KV, cursors');
/** Where the lease of the writer comes from: Leases. */
export const LEASES = Symbol('Leases');

const CURSORS_BUCKET = 'WAYBILL_CURSORS';

/** The server is checked before anything is read from it. @throws with one line that says what is wrong with it */
async function watchRoom(
  { own }: Connections,
  { env, log }: ProcessOptions,
  metrics: Metrics,
  closers: Closers,
): Promise<RoomWatch> {
  const monitorUrls = env['NATS_MONITOR_URL']?.split(',').map((url) => url.trim());
  await checkServer(own, {
    ...(monitorUrls === undefined ? {} : { monitorUrls }),
    allowUnsafeLog: env['WAYBILL_ALLOW_UNSAFE_LOG'] === '1',
    log: (line) => log.warn(line),
  });
  const room = new RoomWatch({ read: () => readJournalRoom(own, monitorUrls), metrics, log });
  closers.add(() => room.stop());
  await room.start();
  return room;
}

/** Beside the credentials and away from the nats-server's own files: what loses one should not lose the other. */
async function openWitnesses({ settings, log }: ProcessOptions): Promise<FileWitnessStore> {
  const folder = path.join(settings.home, 'witness');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const witnesses = await FileWitnessStore.open(path.join(folder, 'shards.json'));
  const { damagedLines } = witnesses;
  if (damagedLines > 0) {
    log.warn({ folder, damagedLines }, 'damaged lines of the witness are ignored; what they knew of the log is lost');
  }
  return witnesses;
}

/** @throws LogDamaged */
async function openStore(
  { own }: Connections,
  { log }: ProcessOptions,
  metrics: Metrics,
  witnesses: FileWitnessStore,
  room: RoomWatch,
): Promise<EventStore> {
  try {
    return await openJournal(own, {
      // A journal that is not there was lost if anything of it is known.
      create: (await witnesses.shards()).length === 0,
      onForeign: (message) => {
        metrics.foreignMessages.inc();
        log.error(message, 'the journal holds a message that is not a commit: `waybill doctor` reports and repairs it');
      },
    });
  } catch (error) {
    throw explainedDamage(error, room.storeFolder);
  }
}

@Module({
  imports: [NatsModule],
  providers: [
    { provide: RoomWatch, inject: [CONNECTIONS, PROCESS, Metrics, Closers], useFactory: watchRoom },
    { provide: WITNESS_STORE, inject: [PROCESS], useFactory: openWitnesses },
    {
      provide: EVENT_STORE,
      inject: [CONNECTIONS, PROCESS, Metrics, WITNESS_STORE, RoomWatch],
      useFactory: openStore,
    },
    {
      provide: CURSORS,
      inject: [CONNECTIONS, EVENT_STORE],
      useFactory: ({ own }: Connections): Promise<KV> => new Kvm(own).create(CURSORS_BUCKET, { history: 1 }),
    },
    {
      provide: LEASES,
      inject: [CONNECTIONS, PROCESS, EVENT_STORE],
      useFactory: ({ own }: Connections, { leases }: ProcessOptions): Leases | Promise<Leases> =>
        leases ?? WriterLeases.open(own),
    },
  ],
  exports: [NatsModule, EVENT_STORE, WITNESS_STORE, CURSORS, LEASES, RoomWatch],
})
export class JournalModule implements OnApplicationShutdown {
  readonly #room: RoomWatch;

  constructor(@Inject(RoomWatch) room: RoomWatch) {
    this.#room = room;
  }

  onApplicationShutdown(): void {
    this.#room.stop();
  }
}
