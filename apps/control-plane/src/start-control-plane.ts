import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Kvm } from '@nats-io/kv';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ecs } from '#contexts/ecs';
import { inputSchemaId } from '#libs/aws-wire';
import { ecsService } from '#libs/ecs/messages';
import { checkServer, FileWitnessStore, openJournal, readJournalRoom, WriterLeases } from '#libs/event-store-jetstream';
import { ensureRootAccessKey, NestLogger, productVersion } from '#libs/platform';
import type { Settings } from '#libs/platform';
import type { Logger } from 'pino';
import { AppModule } from './app.module.ts';
import { AUDIT_OPERATIONS } from './audit/audit-micro.controller.ts';
import { type Connections, openConnections } from './connections/connections.ts';
import { guardedConnection } from './connections/guarded-connection.ts';
import { ControlPlane } from './control-plane.ts';
import { readEventSettings } from './feed/event-settings.ts';
import type { EventSettings } from './feed/event-settings.ts';
import { keepEventStream } from './feed/event-stream-keeper.ts';
import { AwsEndpoint } from './gateway/aws-endpoint.ts';
import { Dispatcher } from './gateway/dispatcher.ts';
import { httpAdapter } from './gateway/http-adapter.ts';
import { MicroTransport } from './gateway/micro-transport.ts';
import type { MicroContext } from './gateway/micro-transport.ts';
import { principalOfKey, servedServices } from './gateway/served-services.ts';
import { WireExceptionFilter } from './gateway/wire-exception.filter.ts';
import { isDamage, LogDamaged } from './health/journal-damage.ts';
import { Metrics } from './health/metrics.ts';
import { RoomWatch } from './health/room-watch.ts';
import type { Leases } from './lease/lease-thread.ts';

const CURSORS_BUCKET = 'WAYBILL_CURSORS';
/** A home address: what is not on loopback needs a proxy that speaks TLS in front of it. */
const LISTEN_ADDRESS_DEFAULT = '127.0.0.1';
/** Connections that wait to be accepted. One that finds no room tries again after a second, a health check among them. */
const CONNECTIONS_WAITING_MAX = 4_096;

export interface RunningControlPlane {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Connects, checks the broker, opens the journal and the doors. Resolves when the API answers (readiness follows when
 * the views have caught up and the lease is won). @throws with one clear line when something that it needs is not there
 */
export async function startControlPlane(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  log: Logger,
  onFatal: (error: Error) => void = crash,
  leases?: Leases,
): Promise<RunningControlPlane> {
  const eventSettings = readEventSettings(env);
  const connections = await openConnections(env, log);
  const monitorUrls = env['NATS_MONITOR_URL']?.split(',').map((url) => url.trim());
  const metrics = new Metrics();
  const room = new RoomWatch({ read: () => readJournalRoom(connections.own, monitorUrls), metrics, log });
  const explained = (error: unknown): unknown => (isDamage(error) ? new LogDamaged(error, room.storeFolder) : error);
  try {
    await checkServer(connections.own, {
      ...(monitorUrls === undefined ? {} : { monitorUrls }),
      allowUnsafeLog: env['WAYBILL_ALLOW_UNSAFE_LOG'] === '1',
      log: (line) => log.warn(line),
    });
    await room.start();
    const fatal = (error: Error): void => onFatal(explained(error) as Error);
    return await serve({ connections, settings, eventSettings, env, log, metrics, room, onFatal: fatal, leases });
  } catch (error) {
    room.stop();
    await connections.close();
    throw explained(error);
  }
}

/** For those who run a control plane inside their own process: what nobody handles ends it. */
function crash(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}

interface ServeOptions {
  readonly connections: Connections;
  readonly settings: Settings;
  readonly eventSettings: EventSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly room: RoomWatch;
  readonly onFatal: (error: Error) => void;
  /** By default they are kept by this thread, over the connection of everything else. */
  readonly leases: Leases | undefined;
}

async function serve(options: ServeOptions): Promise<RunningControlPlane> {
  const { connections, settings, eventSettings, env, log, metrics, room, onFatal, leases } = options;
  const locale = { account: settings.account, region: settings.region };
  const nc = guardedConnection(connections.own, metrics, log);
  const gateway = guardedConnection(connections.gateway, metrics, log);
  const witnesses = await openWitnesses(settings.home, log);
  await keepEventStream(connections.own, eventSettings.limits, log);
  const controlPlane = new ControlPlane({
    nc,
    gateway,
    store: await openJournal(connections.own, {
      create: (await witnesses.shards()).length === 0,
      onForeign: (message) => {
        metrics.foreignMessages.inc();
        log.error(message, 'the journal holds a message that is not a commit: `waybill doctor` reports and repairs it');
      },
    }),
    leases: leases ?? (await WriterLeases.open(connections.own)),
    cursors: await new Kvm(connections.own).create(CURSORS_BUCKET, { history: 1 }),
    witnesses,
    locale,
    metrics,
    structuredCloudEvents: eventSettings.structuredCopies,
    log,
    onFatal,
  });
  const dispatcher = new Dispatcher({ operations: ecs.operations, runner: controlPlane.runner, metrics, log });
  const { key } = await ensureRootAccessKey(settings.home);
  const services = servedServices(locale, key, dispatcher);
  const endpoint = new AwsEndpoint(services, principalOfKey(settings.account, key));
  const module = AppModule.with({ settings, controlPlane, dispatcher, endpoint, metrics });
  const app = await createApp(module, endpoint, log);
  app.connectMicroservice({ strategy: new MicroTransport(gateway, catalogue(dispatcher)) });
  await controlPlane.start();
  await app.startAllMicroservices();
  const host = env['WAYBILL_LISTEN_ADDRESS'] ?? LISTEN_ADDRESS_DEFAULT;
  await app.listen({ port: settings.port, host, backlog: CONNECTIONS_WAITING_MAX });
  const { port } = app.getHttpServer().address() as AddressInfo;
  log.info({ port, operations: dispatcher.servedNames.size }, 'the API answers');
  return {
    port,
    stop: async () => {
      await app.close();
      room.stop();
      await controlPlane.stop();
      await connections.drain();
    },
  };
}

/** Beside the credentials and away from the nats-server's own files: what loses one should not lose the other. */
async function openWitnesses(home: string, log: Logger): Promise<FileWitnessStore> {
  const folder = path.join(home, 'witness');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const witnesses = await FileWitnessStore.open(path.join(folder, 'shards.json'));
  const { damagedLines } = witnesses;
  if (damagedLines > 0) {
    log.warn({ folder, damagedLines }, 'damaged lines of the witness are ignored; what they knew of the log is lost');
  }
  return witnesses;
}

async function createApp(
  module: ReturnType<typeof AppModule.with>,
  endpoint: AwsEndpoint,
  log: Logger,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(endpoint), {
    bodyParser: false,
    logger: new NestLogger(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new WireExceptionFilter(endpoint, log));
  return app;
}

/** What `nats micro ls` and `nats micro info` show. */
function catalogue(dispatcher: Dispatcher): readonly MicroContext[] {
  const version = productVersion();
  return [
    {
      context: 'ecs',
      name: 'waybill-ecs',
      version,
      description: 'The Amazon ECS API: ECS JSON in, ECS JSON out.',
      // One that is not served responds with UnsupportedFeatureException, as it does over HTTP.
      operations: Object.keys(ecsService.shapes.operations).map((name) => ({
        name,
        metadata: { schema: inputSchemaId(ecsService, name), served: String(dispatcher.servedNames.has(name)) },
      })),
    },
    {
      context: 'audit',
      name: 'waybill-audit',
      version,
      description: 'Questions of auditors to a live control plane.',
      operations: AUDIT_OPERATIONS.map((name) => ({ name, metadata: {} })),
    },
  ];
}
