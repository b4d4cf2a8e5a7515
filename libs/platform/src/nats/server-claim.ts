import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileDamaged } from '../file-damaged.ts';
import { createPrivateFile, readJsonFile, readTextFile, writePrivateFile } from '../private-files.ts';
import { natsPaths } from './home-files.ts';
import { pollUntil } from '../poll-until.ts';
import { processCommand, processStart, signalProcess } from './process-table.ts';

/** What `<home>/run/nats-server.json` records about the nats-server of a home. */
export interface NatsServerState {
  /** The process that started the server and looks after it. */
  readonly ownerPid: number;
  readonly ownerStart: string;
  /** Set once the server is ready. */
  readonly url?: string;
  readonly monitorUrl?: string;
  readonly caFile?: string | null;
  /** The address that it listens on; absent: loopback. */
  readonly host?: string;
}

/** Another live process runs the nats-server of this home. */
export class NatsHomeInUse extends Error {
  readonly ownerPid: number;

  constructor(home: string, ownerPid: number) {
    super(`${home} is in use by process ${ownerPid}: stop that one, or choose another WAYBILL_HOME`);
    this.name = 'NatsHomeInUse';
    this.ownerPid = ownerPid;
  }
}

/** The whole command line after the program; a left-over server is recognised by it. */
export function natsServerArguments(configPath: string): readonly string[] {
  return ['-c', configPath];
}

const TERM_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 5_000;
const CLAIM_ATTEMPTS_MAX = 3;

/** The state of a home's nats-server if its owner lives, else null: it is taken anew by each start, so damage is absence. */
export async function readNatsServerState(home: string): Promise<NatsServerState | null> {
  const state = await readJsonFile<NatsServerState>(natsPaths(home).state).catch((error: unknown) => {
    if (error instanceof FileDamaged) return null;
    throw error;
  });
  if (state === null) return null;
  return (await processStart(state.ownerPid)) === state.ownerStart ? state : null;
}

/**
 * Makes this process the owner of the home's nats-server. Two servers over one store would destroy the journal, so a
 * live owner is refused; a server that a killed owner left behind is stopped first.
 * @throws NatsHomeInUse
 */
export async function claimNatsHome(home: string): Promise<NatsServerState> {
  const { state: path } = natsPaths(home);
  const ownerStart = await processStart(process.pid);
  if (ownerStart === null) throw new Error('this process does not find itself in the process table');
  const claim: NatsServerState = { ownerPid: process.pid, ownerStart };
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS_MAX; attempt++) {
    if (await createPrivateFile(path, JSON.stringify(claim))) {
      await stopLeftOver(home);
      return claim;
    }
    const live = await readNatsServerState(home);
    if (live !== null) throw new NatsHomeInUse(home, live.ownerPid);
    await rm(path, { force: true });
  }
  throw new Error(`${path} comes back as often as it is removed: another start is under way`);
}

/** Records for other programs of this home where the server is. */
export async function publishNatsServerState(home: string, state: NatsServerState): Promise<void> {
  await writePrivateFile(natsPaths(home).state, `${JSON.stringify(state)}\n`);
}

export async function releaseNatsHome(home: string): Promise<void> {
  const { state, pid } = natsPaths(home);
  await rm(pid, { force: true });
  await rm(state, { force: true });
}

/** Stops a nats-server that runs on this home's configuration though its owner is gone. */
async function stopLeftOver(home: string): Promise<void> {
  const paths = natsPaths(home);
  const pid = Number.parseInt((await readTextFile(paths.pid)) ?? '', 10);
  if (!Number.isInteger(pid) || pid <= 1) return;
  // The pid may belong to another program by now; the command line names our configuration or it is not ours.
  if (!((await processCommand(pid)) ?? '').endsWith(natsServerArguments(paths.config).join(' '))) return;
  await stopProcess(pid);
}

/** SIGTERM, and SIGKILL if that does not end it: every acknowledged write is synced already. */
export async function stopProcess(pid: number): Promise<void> {
  const gone = async (): Promise<true | null> => ((await processStart(pid)) === null ? true : null);
  signalProcess(pid, 'SIGTERM');
  // A frozen process ends as soon as it thaws.
  signalProcess(pid, 'SIGCONT');
  try {
    await pollUntil(`nats-server ${pid} ends on SIGTERM`, TERM_TIMEOUT_MS, gone);
  } catch {
    signalProcess(pid, 'SIGKILL');
    await pollUntil(`nats-server ${pid} ends on SIGKILL`, KILL_TIMEOUT_MS, gone);
  }
}
