import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogger } from '#libs/platform';
import type { Settings } from '#libs/platform';
import type { Logger } from 'pino';
import { AgentsTransport } from './agents/agents.transport.ts';
import { AppModule } from './app.module.ts';
import { AwsHttpAdapter } from './gateway/http-adapter.ts';
import type { Leases } from './journal/lease/lease-thread.ts';
import { MicroTransport } from './micro/micro-transport.ts';
import { Closers } from './process/closers.ts';
import type { ProcessOptions } from './process/process.module.ts';
import { ROLES } from './process/roles.ts';
import type { Role } from './process/roles.ts';

/** A home address: what is not on loopback needs a proxy that speaks TLS in front of it. */
const LISTEN_ADDRESS_DEFAULT = '127.0.0.1';
/** Connections that wait to be accepted. One that finds no room tries again after a second, a health check among them. */
const CONNECTIONS_WAITING_MAX = 4_096;

export interface RunningControlPlane {
  readonly port: number;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly onFatal?: (error: Error) => void;
  readonly leases?: Leases;
  readonly roles?: ReadonlySet<Role>;
}

/**
 * Connects, checks the broker, opens the journal and everything that its roles are for. Resolves when the API answers, or
 * the health pages where the process has no API (readiness follows when the views have caught up and the lease is won).
 * @throws with one clear line when something that it needs is not there
 */
export async function startControlPlane(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  log: Logger,
  { onFatal = crash, leases, roles = new Set(ROLES) }: StartOptions = {},
): Promise<RunningControlPlane> {
  const options: ProcessOptions = { settings, env, log, roles, onFatal, ...(leases === undefined ? {} : { leases }) };
  const app = await create(options);
  try {
    await app.init();
    if (roles.has('gateway') || roles.has('writer')) {
      app.connectMicroservice({ strategy: app.get(MicroTransport) });
      if (roles.has('writer')) app.connectMicroservice({ strategy: app.get(AgentsTransport) });
      await app.startAllMicroservices();
    }
    const host = env['WAYBILL_LISTEN_ADDRESS'] ?? LISTEN_ADDRESS_DEFAULT;
    await app.listen({ port: settings.port, host, backlog: CONNECTIONS_WAITING_MAX });
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  log.info({ port, roles: [...roles] }, roles.has('gateway') ? 'the API answers' : 'the health pages answer');
  return { port, stop: () => app.close() };
}

async function create(options: ProcessOptions): Promise<NestFastifyApplication> {
  const closers = new Closers();
  try {
    return await NestFactory.create<NestFastifyApplication>(AppModule.with(options, closers), new AwsHttpAdapter(), {
      bodyParser: false,
      logger: new NestLogger(options.log),
      abortOnError: false,
    });
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** For programs that run a control plane inside their own process: an error that is not handled ends it. */
function crash(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
