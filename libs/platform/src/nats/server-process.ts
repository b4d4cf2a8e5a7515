import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { FileDamaged } from '../file-damaged.ts';
import { openProcessLog, watchProcessLog } from '../logging/process-log.ts';
import { readJsonFile, readTextFile } from '../private-files.ts';
import { natsPaths } from './home-files.ts';
import { pollUntil } from '../poll-until.ts';

import { natsServerArguments } from './server-claim.ts';
import { LOOPBACK } from './server-config.ts';

/** Where a running nats-server can be reached. */
export interface NatsServerAddress {
  readonly port: number;
  readonly monitorPort: number;
}

export interface RunningNatsServer extends NatsServerAddress {
  readonly child: ChildProcess;
  readonly pid: number;
}

/** Recovering a large store takes a while. */
const READY_TIMEOUT_MS = 60_000;
const INFO_TIMEOUT_MS = 5_000;
const LOG_TAIL_LINES = 5;

interface PortsFile {
  readonly nats: readonly string[];
  readonly monitoring: readonly string[];
}

/**
 * Runs nats-server on a written configuration and waits until it takes connections.
 * @throws Error with the last lines of its log if it ends or does not get ready
 */
export async function spawnNatsServer(
  binary: string,
  home: string,
  host: string = LOOPBACK,
): Promise<RunningNatsServer> {
  const paths = natsPaths(home);
  // A killed server leaves its ports behind, and its pid may come again.
  await rm(paths.portsFolder, { recursive: true, force: true });
  await mkdir(paths.portsFolder, { recursive: true });
  const log = await openProcessLog(paths.log);
  // A process group of its own: Ctrl-C in a terminal must reach the product first, which stops its server last.
  const child = spawn(binary, natsServerArguments(paths.config), {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  try {
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  const watch = watchProcessLog(paths.log);
  child.once('exit', () => watch.stop());
  const { pid } = child;
  if (pid === undefined) throw new Error(`${binary} has no process id`);
  const address = await pollUntil(`nats-server ${pid} gets ready`, READY_TIMEOUT_MS, async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(await obituary(paths.log));
    const ports = await readPorts(join(paths.portsFolder, `nats-server_${pid}.ports`));
    return ports !== null && (await greets(host, ports.port)) ? ports : null;
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return { child, pid, ...address };
}

async function readPorts(path: string): Promise<NatsServerAddress | null> {
  // nats-server writes the file in place, so it may be read half written: then there will be a next time.
  const file = await readJsonFile<PortsFile>(path).catch((error: unknown) => {
    if (error instanceof FileDamaged) return null;
    throw error;
  });
  const [nats, monitoring] = [file?.nats[0], file?.monitoring[0]];
  if (nats === undefined || monitoring === undefined) return null;
  return { port: Number(new URL(nats).port), monitorPort: Number(new URL(monitoring).port) };
}

/** Whether a NATS server answers there: it speaks first, with INFO. */
function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: INFO_TIMEOUT_MS });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => done(data.toString('latin1').startsWith('INFO ')));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
    socket.once('close', () => done(false));
  });
}

async function obituary(logPath: string): Promise<string> {
  const lines = ((await readTextFile(logPath)) ?? '').trimEnd().split('\n');
  return `nats-server ended while starting; the end of ${logPath}:\n${lines.slice(-LOG_TAIL_LINES).join('\n')}`;
}
