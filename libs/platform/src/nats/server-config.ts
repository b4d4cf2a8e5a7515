import { mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { accountsBlock } from './accounts.ts';
import { ensureNatsCredentials, type NatsCredentialsByUser } from './credentials.ts';
import { makePrivateFolder, writePrivateFile } from '../private-files.ts';
import { natsPaths } from './home-files.ts';
import type { NatsUser } from './permissions.ts';

export interface NatsServerConfig {
  /** The product's data folder. */
  readonly home: string;
  /** The address that clients reach it at; null: loopback. */
  readonly host: string | null;
  /** Client port; 0 = any free one. */
  readonly port: number;
  /** Files of a certificate that names the address; null: connections are not encrypted. */
  readonly tls: NatsServerTls | null;
  /** Port of the monitoring page on loopback, which shows how writes are synced; 0 = any free one. */
  readonly monitorPort: number;
  readonly users: readonly NatsUser[];
  /** False leaves acknowledged writes to the operating system's cache: a power cut takes them. */
  readonly syncAlways: boolean;
}

export interface NatsServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Of the authority that signed it, where machines do not know it. */
  readonly caFile: string | null;
}

export interface WrittenNatsServerConfig {
  readonly configPath: string;
  readonly credentials: NatsCredentialsByUser;
}

export const LOOPBACK = '127.0.0.1';
/** The server's own default; commits stay below it (COMMIT_BYTES_HARD_MAX). */
const PAYLOAD_BYTES_MAX = 1024 * 1024;
/** For public events and the state of consumers; nothing of the record is kept in memory. */
const MEMORY_STORE_BYTES = 256 * 1024 * 1024;
const anyPort = (port: number): number => (port === 0 ? -1 : port);

/**
 * Writes the configuration of a home's own nats-server: loopback unless another address is asked for, JetStream below the home, every write synced,
 * exactly the given users in their accounts. The file holds passwords and can be read by its owner only.
 */
export async function writeNatsServerConfig(config: NatsServerConfig): Promise<WrittenNatsServerConfig> {
  const paths = natsPaths(config.home);
  await makePrivateFolder(paths.store);
  await mkdir(dirname(paths.log), { recursive: true });
  const credentials = await ensureNatsCredentials(config.home, config.users);
  const accounts = accountsBlock((account) =>
    config.users
      .filter((user) => user.account === account)
      .map(({ name, permissions }) => ({ user: name, password: credentials[name]?.password, permissions })),
  );
  // nats-server reads JSON as it is, since its own format is a superset; that saves a writer for that format.
  const text = JSON.stringify(
    {
      server_name: 'waybill',
      listen: `${config.host ?? LOOPBACK}:${anyPort(config.port)}`,
      ...(config.tls === null ? {} : { tls: { cert_file: config.tls.certFile, key_file: config.tls.keyFile } }),
      http: `${LOOPBACK}:${anyPort(config.monitorPort)}`,
      ports_file_dir: paths.portsFolder,
      pid_file: paths.pid,
      max_payload: PAYLOAD_BYTES_MAX,
      jetstream: {
        store_dir: paths.store,
        max_file_store: await diskBytesOf(paths.store),
        max_memory_store: MEMORY_STORE_BYTES,
        ...(config.syncAlways ? { sync_interval: 'always' } : {}),
      },
      system_account: 'SYS',
      accounts,
    },
    null,
    2,
  );
  await writePrivateFile(paths.config, `${text}\n`);
  return { configPath: paths.config, credentials };
}

/**
 * The whole disk. Without a figure nats-server allows itself three quarters of what is free when it starts, counting its
 * own files as not free: on a disk more than half full it would refuse every write after a restart. So the disk is the
 * limit, and the control plane warns long before its end.
 */
async function diskBytesOf(folder: string): Promise<number> {
  const { blocks, bsize } = await statfs(folder);
  return blocks * bsize;
}
