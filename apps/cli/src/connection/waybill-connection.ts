import type { NatsConnection } from '@nats-io/transport-node';
import {
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

/** A way to a running Waybill: its log and its NATS door, in the name of one principal. */
export interface WaybillConnection {
  readonly nc: NatsConnection;
  /** The principal token of command subjects, e.g. `root`. */
  readonly principal: string;
  /** What the local start says about itself; null for a Waybill that the environment names. */
  readonly endpoint: Endpoint | null;
  /** False while a local `waybill up` has not said yet that it is ready. */
  readonly isStarted: boolean;
  close(): Promise<void>;
}

interface Target {
  readonly options: Omit<NatsConnectOptions, 'name'>;
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
  const { options, principal, endpoint, isStarted, from } = target;
  try {
    const nc = await connectNats({ ...options, name: 'waybill-cli' });
    return { nc, principal, endpoint, isStarted, close: () => nc.close() };
  } catch (error) {
    const url = String(options.url);
    throw new CliProblem(`NATS at ${url} (from ${from}) does not let us in: ${messageOf(error)}`, EXIT.unreachable);
  }
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
  return {
    options: { ...natsOptionsFromEnv(env), inboxPrefix },
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
  const { user, password, inboxPrefix } = credentialsOf(credentials, rootUser().name);
  return {
    options: { url: server.url, user, password, inboxPrefix },
    principal: user,
    endpoint,
    isStarted: endpoint?.pids.up === server.ownerPid,
    from: home,
  };
}
