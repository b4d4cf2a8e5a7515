import type { NatsConnection } from '@nats-io/transport-node';
import {
  auditorUser,
  connectNats,
  credentialsOf,
  type NatsConnectOptions,
  natsOptionsFromEnv,
  principalUser,
  readNatsCredentials,
  readNatsServerState,
  rootUser,
} from '#libs/platform';
import { type Endpoint, readEndpoint } from '../home/endpoint-file.ts';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import { settingsWith } from '../up/up-settings.ts';

/** A way to a running Waybill: its log and its API over NATS, in the name of one principal. */
export interface WaybillConnection {
  readonly nc: NatsConnection;
  /** The principal token of command subjects, e.g. `root`. */
  readonly principal: string;
  /** What the local start recorded about itself; null for a Waybill that the environment names. */
  readonly endpoint: Endpoint | null;
  /** False while a local `waybill up` is not ready yet. */
  readonly isStarted: boolean;
  /** A second connection, as the user that may read the journal. @throws CliProblem */
  connectAuditor(): Promise<NatsConnection>;
  close(): Promise<void>;
}

interface Target {
  readonly options: Omit<NatsConnectOptions, 'name'>;
  /** Null: the environment names no auditor. */
  readonly auditor: Omit<NatsConnectOptions, 'name'> | null;
  readonly principal: string;
  readonly endpoint: Endpoint | null;
  readonly isStarted: boolean;
  /** For error messages. */
  readonly from: string;
}

/**
 * Connects to the Waybill of --home or WAYBILL_HOME, else of NATS_URL (as `waybill env` sets it), else of `.waybill`.
 * @throws CliProblem
 */
export async function connectWaybill(
  { home }: { readonly home?: string },
  env: NodeJS.ProcessEnv,
): Promise<WaybillConnection> {
  const namesHome = (home ?? env['WAYBILL_HOME'] ?? '') !== '';
  const namesServer = (env['NATS_URL'] ?? '') !== '';
  const target = namesServer && !namesHome ? targetOfEnv(env) : await targetOfHome(settingsWith(home, env).home);
  const { options, auditor, principal, endpoint, isStarted, from } = target;
  const open: NatsConnection[] = [];
  const connect = async (as: Omit<NatsConnectOptions, 'name'>): Promise<NatsConnection> => {
    try {
      const nc = await connectNats({ ...as, name: 'waybill-cli' });
      open.push(nc);
      return nc;
    } catch (error) {
      const url = String(as.url);
      throw new CliProblem(`NATS at ${url} (from ${from}) does not let us in: ${messageOf(error)}`, EXIT.unreachable);
    }
  };
  return {
    nc: await connect(options),
    principal,
    endpoint,
    isStarted,
    connectAuditor: async () => {
      if (auditor === null) {
        throw new CliProblem(
          'the log is read as the NATS user auditor: set NATS_AUDITOR_USER and NATS_AUDITOR_PASSWORD',
          EXIT.usage,
        );
      }
      return await connect(auditor);
    },
    close: async () => void (await Promise.all(open.map((nc) => nc.close()))),
  };
}

/** Runs some work with a connection and closes it. */
export async function withWaybill<T>(
  where: { readonly home?: string },
  env: NodeJS.ProcessEnv,
  work: (connection: WaybillConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectWaybill(where, env);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

function targetOfEnv(env: NodeJS.ProcessEnv): Target {
  const principal = env['NATS_USER'] || rootUser().name;
  const { inboxPrefix } = principal === rootUser().name ? rootUser() : principalUser(principal);
  const auditor = natsOptionsFromEnv(env, 'AUDITOR');
  const hasAuditor = auditor.user !== undefined || auditor.credsFile !== undefined;
  return {
    options: { ...natsOptionsFromEnv(env), inboxPrefix },
    auditor: hasAuditor ? { ...auditor, inboxPrefix: auditorUser().inboxPrefix } : null,
    principal,
    endpoint: null,
    isStarted: true,
    from: 'NATS_URL',
  };
}

async function targetOfHome(home: string): Promise<Target> {
  const [server, credentials, endpoint] = await Promise.all([
    readNatsServerState(home),
    readNatsCredentials(home),
    readEndpoint(home),
  ]);
  if (server?.url === undefined || credentials === null) {
    throw new CliProblem(
      `Waybill does not run in ${home}: start it with npm start, or name another data folder with --home`,
      EXIT.unreachable,
    );
  }
  const { url, caFile = null } = server;
  const at = { url, ...(caFile === null ? {} : { caFile }) };
  const root = credentialsOf(credentials, rootUser().name);
  return {
    options: { ...at, ...root },
    auditor: { ...at, ...credentialsOf(credentials, auditorUser().name) },
    principal: root.user,
    endpoint,
    isStarted: endpoint?.pids.up === server.ownerPid && endpoint.startedAt !== null,
    from: home,
  };
}
