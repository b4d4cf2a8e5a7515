import type { NatsConnection } from '@nats-io/transport-node';
import { isAtLeast } from '#libs/kernel';
import { errorText } from './jetstream-api.ts';
import { DEFAULT_MONITOR_PORT, defaultMonitorUrl, readVarz, type Varz } from './monitor-page.ts';

/** The nats-server could lose what it acknowledges. The message is one line that says what to do. */
export class ServerRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServerRefused';
  }
}

export interface CheckServerOptions {
  /**
   * The server's monitoring page, e.g. http://127.0.0.1:8222. Default: port 8222 on the connected server's host. In a
   * natsCluster name one page a server.
   */
  readonly monitorUrls?: readonly string[];
  /** Go on with a server that could lose acknowledged commits; one line says what can be lost. Default false. */
  readonly allowUnsafeLog?: boolean;
  readonly log?: (line: string) => void;
}

/** `sync_interval: always` exists from here on. */
const VERSION_REQUIRED = '2.10.0';
/** Closes the advisories of 2025 and 2026 that are known. */
const VERSION_WITHOUT_ADVISORIES = '2.12.7';

/**
 * The start-up check of production: the server is recent enough and syncs every write before it acknowledges it.
 * @throws ServerRefused
 */
export async function checkServer(nc: NatsConnection, options: CheckServerOptions = {}): Promise<void> {
  const { allowUnsafeLog = false, log = () => {} } = options;
  const { info } = nc;
  if (info === undefined) throw new ServerRefused('not connected to a nats-server');
  const problem = await problemOf(nc, options);
  if (problem !== null) {
    if (!allowUnsafeLog) throw new ServerRefused(problem);
    log(`unsafe log allowed: ${problem}; a power cut can take commits that were acknowledged`);
  }
  if (!isAtLeast(info.version, VERSION_WITHOUT_ADVISORIES)) {
    log(
      `nats-server ${info.version} is older than ${VERSION_WITHOUT_ADVISORIES}, which closes known advisories: let only trusted users reach it`,
    );
  }
}

async function problemOf(nc: NatsConnection, { monitorUrls }: CheckServerOptions): Promise<string | null> {
  const version = nc.info?.version ?? 'unknown';
  if (!isAtLeast(version, VERSION_REQUIRED)) {
    return `nats-server ${version} cannot sync every write; use ${VERSION_REQUIRED} or newer`;
  }
  for (const url of monitorUrls ?? [defaultMonitorUrl(nc)]) {
    const problem = await problemOfServer(nc, url);
    if (problem !== null) return problem;
  }
  return null;
}

async function problemOfServer(nc: NatsConnection, url: string): Promise<string | null> {
  let varz: Varz;
  try {
    varz = await readVarz(url);
  } catch (error) {
    return `cannot see whether nats-server syncs every write: ${url}/varz does not answer (${errorText(error)}); set "http: 127.0.0.1:${DEFAULT_MONITOR_PORT}" in its configuration, and NATS_MONITOR_URL where it is elsewhere`;
  }
  if (!belongsTogether(nc, varz)) return `${url} is the monitoring page of another nats-server (${varz.server_name})`;
  if (varz.jetstream?.config?.sync_always === true) return null;
  return `nats-server ${varz.server_name} does not sync every write; set "jetstream { sync_interval: always }" in its configuration`;
}

/** The page is the connected server's own, or one of its natsCluster's. */
function belongsTogether({ info }: NatsConnection, varz: Varz): boolean {
  if (varz.server_id === info?.server_id) return true;
  const natsCluster = varz.cluster?.name;
  return natsCluster !== undefined && natsCluster !== '' && natsCluster === info?.cluster;
}
