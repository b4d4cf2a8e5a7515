import { join, resolve } from 'node:path';
import { isName, NAME_RULE } from '#libs/ecs/messages';
import { type NatsServerTls, productFolder, readSettings, type Settings, SettingsProblem } from '#libs/platform';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';

/** The options of `waybill up` as the command line gave them. */
export interface UpOptions {
  readonly home?: string;
  readonly port?: string;
  readonly cluster?: string;
  /** ADDRESS or ADDRESS:PORT. */
  readonly listen?: string;
  readonly agent: boolean;
}

export interface UpSettings {
  readonly settings: Settings;
  /** The cluster that this machine's agent joins. */
  readonly cluster: string;
  /** Where hosts reach the nats-server; null: it is for this machine alone. */
  readonly listen: ListenAddress | null;
  readonly tls: NatsServerTls | null;
  /** False: no agent is started; one that is started by hand may join the cluster. */
  readonly withAgent: boolean;
}

export interface ListenAddress {
  readonly host: string;
  /** Null: the one of the last start, else any free one. */
  readonly port: number | null;
}

const LISTEN = /^(?<host>[A-Za-z0-9.-]+)(?::(?<port>\d{1,5}))?$/;
const PORT_MAX = 65_535;

const DEFAULT_CLUSTER = 'default';

/** Settings from the environment, options first. @throws CliProblem */
export function upSettings(options: UpOptions, env: NodeJS.ProcessEnv): UpSettings {
  const cluster = options.cluster ?? (env['WAYBILL_CLUSTER'] || DEFAULT_CLUSTER);
  if (!isName(cluster)) throw new CliProblem(`a cluster name has ${NAME_RULE}`, EXIT.usage);
  const { home, port } = options;
  const settings = settingsWith(home, port === undefined ? env : { ...env, WAYBILL_PORT: port });
  const listen = listenAddress(options.listen ?? (env['WAYBILL_NATS_LISTEN'] || null));
  return { settings, cluster, listen, tls: tlsOf(env), withAgent: options.agent };
}

function listenAddress(text: string | null): ListenAddress | null {
  if (text === null) return null;
  const { host, port } = LISTEN.exec(text)?.groups ?? {};
  if (host === undefined || Number(port ?? 0) > PORT_MAX) {
    throw new CliProblem('--listen takes an address of this machine: 192.0.2.10, or 192.0.2.10:4222', EXIT.usage);
  }
  return { host, port: port === undefined ? null : Number(port) };
}

function tlsOf(env: NodeJS.ProcessEnv): NatsServerTls | null {
  const [certFile, keyFile, caFile] = ['CERT', 'KEY', 'CA'].map((name) => env[`WAYBILL_NATS_TLS_${name}`] || null);
  if (!certFile && !keyFile && !caFile) return null;
  if (!certFile || !keyFile) {
    throw new CliProblem('TLS needs both WAYBILL_NATS_TLS_CERT and WAYBILL_NATS_TLS_KEY', EXIT.usage);
  }
  return { certFile: resolve(certFile), keyFile: resolve(keyFile), caFile: caFile ? resolve(caFile) : null };
}

/** The data folder of a clone: `waybill` finds it from any folder. */
export const defaultHome = (): string => join(productFolder(), '.waybill');

/** As readSettings; `--home` wins over the environment. @throws CliProblem */
export function settingsWith(home: string | undefined, env: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings({ ...env, WAYBILL_HOME: home ?? (env['WAYBILL_HOME'] || defaultHome()) });
  } catch (error) {
    if (error instanceof SettingsProblem) throw new CliProblem(error.message, EXIT.usage);
    throw error;
  }
}
