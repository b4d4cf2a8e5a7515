import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import {
  bridgeObstacle,
  engineDisk,
  fileRegistryCredentials,
  launchVolumesObstacle,
  nftablesObstacle,
  readEngineFacts,
} from '#libs/container-runtime-docker';
import { mayConfigureNetwork, readNatsCredentials } from '#libs/platform';
import { hosts as subjects } from '#libs/subjects';
import { askDesk } from '../../hosts/ask-desk.ts';
import type { ClockAnswer } from '../../hosts/desk-messages.ts';
import { readJoinedHost } from '../../hosts/joined-host.ts';
import { messageOf } from '../../shell/cli-problem.ts';
import type { HostProbe } from './host-check.ts';

const CONNECT_TIMEOUT_MS = 1_000;
/** Where programs for root are, which are not in every PATH. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

/** This machine. */
export async function hostProbe(home: string, env: NodeJS.ProcessEnv): Promise<HostProbe> {
  return {
    env,
    home,
    isRoot: process.getuid?.() === 0,
    mayConfigureNetwork: await mayConfigureNetwork(),
    engine: await readEngineFacts().catch((error: unknown) => ({ problem: messageOf(error) })),
    findProgram: (name) => findProgram(name, env['PATH'] ?? ''),
    readText,
    modeOf: async (path) => await orNull(stat(path).then(({ mode }) => mode & 0o777)),
    engineDisk: () => orNull(engineDisk()),
    nftablesObstacle,
    bridgeObstacle,
    launchVolumesObstacle,
    registryCredentialsObstacle,
    freeBytes: async (path) =>
      await orNull(statfs(await nearestFolder(path)).then(({ bavail, bsize }) => bavail * bsize)),
    addresses: Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
    isPortTaken,
    clockAheadMs: () => clockAheadMs(home),
  };
}

async function findProgram(name: string, path: string): Promise<string | null> {
  for (const folder of [...path.split(delimiter), ...SYSTEM_FOLDERS]) {
    const file = join(folder, name);
    if (folder !== '' && (await succeeds(access(file, constants.X_OK)))) return file;
  }
  return null;
}

/** What a doctor may not look at counts as absent: the check says what was to be found there. */
async function orNull<Value>(answer: Promise<Value>): Promise<Value | null> {
  return await answer.catch(() => null);
}

async function succeeds(answer: Promise<unknown>): Promise<boolean> {
  return await answer.then(
    () => true,
    () => false,
  );
}

async function registryCredentialsObstacle(file: string): Promise<string | undefined> {
  return await fileRegistryCredentials(file)
    .check()
    .then(() => undefined, messageOf);
}

async function readText(path: string): Promise<string | null> {
  return await orNull(readFile(path, 'utf8'));
}

/** The folder itself, or the one that it would be made in. */
async function nearestFolder(path: string): Promise<string> {
  if (path === dirname(path) || (await succeeds(access(path)))) return path;
  return await nearestFolder(dirname(path));
}

function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: CONNECT_TIMEOUT_MS });
    const done = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}

/** Half of the way there and back is the error at most. */
async function clockAheadMs(home: string): Promise<number | string> {
  if ((await readNatsCredentials(home)) !== null) return 0;
  const host = await readJoinedHost(home);
  if (host === null || host.credentials === null) return 'compared once this machine has joined';
  try {
    const asked = Date.now();
    const subject = subjects.clock(host.instanceId);
    const { now } = await askDesk<ClockAnswer>(host, host.credentials.host, subject, {}, 'this host was revoked');
    return (asked + Date.now()) / 2 - now;
  } catch (error) {
    return messageOf(error);
  }
}
