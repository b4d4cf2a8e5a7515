import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { isAtLeast } from '#libs/kernel';

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 10_000;
/** `sync_interval: always` exists from here on. */
const VERSION_REQUIRED = '2.10.0';
const BY_HAND =
  '`npm start` installs one; or put nats-server 2.10.27 or newer in PATH or name it in WAYBILL_NATS_SERVER';

/** There is no nats-server that can keep a journal. The message says what to do. */
export class NatsServerMissing extends Error {
  constructor(why: string) {
    super(`${why}: ${BY_HAND}`);
    this.name = 'NatsServerMissing';
  }
}

export interface FoundNatsServer {
  readonly path: string;
  /** Such as 2.10.27. */
  readonly version: string;
}

/**
 * The nats-server named by WAYBILL_NATS_SERVER, else the first one in PATH.
 * @throws NatsServerMissing if there is none, or it is too old to sync every write
 */
export async function findNatsServer(env: NodeJS.ProcessEnv): Promise<FoundNatsServer> {
  const path = env['WAYBILL_NATS_SERVER'] ?? (await firstInPath(env['PATH'] ?? ''));
  if (path === null || path === '') throw new NatsServerMissing('no nats-server found');
  const version = await versionOf(path);
  if (!isAtLeast(version, VERSION_REQUIRED)) {
    throw new NatsServerMissing(
      `${path} is ${version}, and versions before ${VERSION_REQUIRED} cannot sync every write`,
    );
  }
  return { path, version };
}

async function versionOf(path: string): Promise<string> {
  let output: string;
  try {
    output = (await run(path, ['--version'], { timeout: VERSION_TIMEOUT_MS })).stdout;
  } catch (error) {
    throw new NatsServerMissing(
      `${path} does not run here (${error instanceof Error ? error.message.trim() : String(error)})`,
    );
  }
  const version = /^nats-server: v(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
  if (version === undefined) throw new NatsServerMissing(`${path} does not say that it is a nats-server`);
  return version;
}

async function firstInPath(path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, 'nats-server');
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
