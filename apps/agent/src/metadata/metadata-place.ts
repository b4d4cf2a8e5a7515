import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { METADATA_ADDRESS, METADATA_PORT } from '#libs/agents/metadata';
import { mayConfigureNetwork } from '#libs/platform';
import type { Logger } from 'pino';
import { addMetadataAddress, redirectWellKnownPort, runProgram } from './metadata-address.ts';
import type { RunProgram } from './metadata-address.ts';

/** The listening server of the metadata endpoint, and the address that containers are given. */
export interface MetadataPlace {
  readonly server: Server;
  /** `http://169.254.170.2`, with a port where it is not the well-known one. */
  readonly uri: string;
}

/** This machine, as far as the endpoint depends on it. */
export interface MetadataHost {
  readonly platform: NodeJS.Platform;
  /** It may give the machine an address: CAP_NET_ADMIN, which root has. */
  readonly mayConfigureNetwork: boolean;
  readonly dockerHost: string | undefined;
}

export async function metadataHost(env: NodeJS.ProcessEnv): Promise<MetadataHost> {
  return {
    platform: process.platform,
    mayConfigureNetwork: await mayConfigureNetwork(),
    dockerHost: env['DOCKER_HOST'],
  };
}

/** Why containers cannot reach an endpoint of this process; undefined: they can. */
export function metadataObstacle({
  platform,
  mayConfigureNetwork: mayGiveAddress,
  dockerHost = '',
}: MetadataHost): string | undefined {
  if (platform !== 'linux') return 'containers reach the agent by its address on Linux only';
  if (dockerHost !== '' && !dockerHost.startsWith('unix://')) {
    return `the container engine is on another machine (DOCKER_HOST=${dockerHost})`;
  }
  return mayGiveAddress ? undefined : `the agent needs CAP_NET_ADMIN to give this machine ${METADATA_ADDRESS}`;
}

export interface MetadataPlaceOptions {
  readonly host: MetadataHost;
  /** Keeps the port: containers that run on look for the next process where they found this one. */
  readonly home: string;
  readonly log: Logger;
  readonly run?: RunProgram;
}

/**
 * Opens the metadata endpoint of this host's containers. The first agent of a machine has ECS's port, and what comes to
 * port 80 of the address; another one has a port of its own.
 *
 * @returns null: it cannot be served here, which is logged; containers are given none
 */
export async function openMetadataPlace(options: MetadataPlaceOptions): Promise<MetadataPlace | null> {
  const { host, home, log, run = runProgram } = options;
  const obstacle = metadataObstacle(host);
  if (obstacle !== undefined) {
    log.info({ obstacle }, 'no task metadata endpoint: containers are given none');
    return null;
  }
  try {
    await addMetadataAddress(run);
    const portFile = join(home, 'agent', 'metadata-port');
    const server = await listen(await keptPort(portFile));
    const { port } = server.address() as AddressInfo;
    await mkdir(join(home, 'agent'), { recursive: true });
    await writeFile(portFile, String(port));
    const uri = (await isRedirected(port, run, log)) ? METADATA_ADDRESS : `${METADATA_ADDRESS}:${port}`;
    log.info({ uri: `http://${uri}` }, 'containers find the metadata of their task');
    return { server, uri: `http://${uri}` };
  } catch (error) {
    log.warn({ err: error }, 'no task metadata endpoint: containers are given none');
    return null;
  }
}

/** The redirect is the first agent's. Without it, containers are given the port, too. */
async function isRedirected(port: number, run: RunProgram, log: Logger): Promise<boolean> {
  if (port !== METADATA_PORT) return false;
  try {
    await redirectWellKnownPort(run);
    return true;
  } catch (error) {
    log.warn({ err: error }, 'port 80 of the metadata address cannot be redirected: containers are given another port');
    return false;
  }
}

/** The port of the process before, else ECS's own. */
async function keptPort(portFile: string): Promise<number> {
  const text = await readFile(portFile, 'utf8').catch(() => '');
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : METADATA_PORT;
}

/** Where the port is taken, by another agent or program, any free one. */
async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen({ host: METADATA_ADDRESS, port });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return await listen(0);
  }
}
