import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { credentialsOf, type NatsCredentialsByUser } from './credentials.ts';
import { controlPlaneUser, gatewayUser } from './permissions.ts';

export interface NatsConnectOptions {
  /** Shown by the server's connection list, e.g. `control-plane`. */
  readonly name: string;
  /** One server or several of one natsCluster. */
  readonly url: string | readonly string[];
  readonly user?: string;
  readonly password?: string;
  /** A .creds file instead of user and password. */
  readonly credsFile?: string;
  /** Certificate of the authority that the server's own is checked against, where this machine does not know it. */
  readonly caFile?: string;
  /** Where responses may come in, by the user's permissions (NatsCredentials.inboxPrefix). */
  readonly inboxPrefix?: string;
  /** Keep trying when the server is not there yet; default false: the first failure is thrown. */
  readonly waitForServer?: boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
/** A silent server is found out after two unanswered pings. */
const PING_INTERVAL_MS = 10_000;
const PINGS_UNANSWERED_MAX = 2;
const DEFAULT_URL = 'nats://127.0.0.1:4222';

/**
 * Connects with the product's habits: reconnect without a limit, notice a dead server within half a minute.
 * @throws Error of the NATS client if the server cannot be reached or refuses the credentials
 */
export async function connectNats(options: NatsConnectOptions): Promise<NatsConnection> {
  const { name, url, user, password, credsFile, caFile, inboxPrefix, waitForServer = false } = options;
  return await connect({
    name,
    servers: typeof url === 'string' ? [url] : [...url],
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PINGS_UNANSWERED_MAX,
    waitOnFirstConnect: waitForServer,
    // A stack per request costs more than the request.
    noAsyncTraces: true,
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    ...(user === undefined ? {} : { user, pass: password ?? '' }),
    ...(caFile === undefined ? {} : { tls: { caFile, ...identityOf(url) } }),
    ...(credsFile === undefined ? {} : { authenticator: credsAuthenticator(await readFile(credsFile)) }),
  });
}

/**
 * The name that the certificate must have where the server is named by an address: without it the client compares the
 * certificate with "localhost". Several servers are named, and then each by its own name.
 */
function identityOf(url: string | readonly string[]): { readonly host?: string } {
  const [only, ...others] = typeof url === 'string' ? [url] : url;
  const host = only === undefined || others.length > 0 ? '' : new URL(only).hostname;
  return isIP(host) === 0 ? {} : { host };
}

/** Whose credentials: NATS_USER's own, those of the control plane's responding side, or those of an auditor. */
export type NatsRole = 'GATEWAY' | 'AUDITOR';

/**
 * Address and credentials as NATS_URL, NATS_USER, NATS_PASSWORD, NATS_CREDS and NATS_CA name them, as for the `nats` CLI; for a
 * further user of the same process NATS_<role>_USER and so on.
 */
export function natsOptionsFromEnv(env: NodeJS.ProcessEnv, role?: NatsRole): Omit<NatsConnectOptions, 'name'> {
  const value = (name: string): string | undefined =>
    env[role === undefined ? `NATS_${name}` : `NATS_${role}_${name}`] || undefined;
  const [user, password, credsFile] = [value('USER'), value('PASSWORD'), value('CREDS')];
  return {
    url: (env['NATS_URL'] ?? DEFAULT_URL).split(',').map((part) => part.trim()),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(credsFile === undefined ? {} : { credsFile }),
    ...(env['NATS_CA'] ? { caFile: env['NATS_CA'] } : {}),
  };
}

/** The other way round: how a control plane learns the server and the two users that it connects as. */
export function controlPlaneNatsEnv({ url, monitorUrl, caFile, credentials }: NatsServerForEnv): NodeJS.ProcessEnv {
  const [own, gateway] = [controlPlaneUser(), gatewayUser()].map(({ name }) => credentialsOf(credentials, name));
  return {
    NATS_URL: url,
    NATS_MONITOR_URL: monitorUrl,
    NATS_CA: caFile ?? undefined,
    NATS_USER: own?.user,
    NATS_PASSWORD: own?.password,
    NATS_GATEWAY_USER: gateway?.user,
    NATS_GATEWAY_PASSWORD: gateway?.password,
    // .creds files of the caller's environment are for another server.
    NATS_CREDS: undefined,
    NATS_GATEWAY_CREDS: undefined,
  };
}

interface NatsServerForEnv {
  readonly url: string;
  readonly monitorUrl: string;
  readonly caFile?: string | null;
  readonly credentials: NatsCredentialsByUser;
}
