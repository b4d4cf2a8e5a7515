import { readFile } from 'node:fs/promises';

/** Clock ticks per second in /proc, on every Linux. */
const TICKS_PER_SECOND = 100;
const STAT_FIELDS_BEFORE_STATE = 2;
const STAT_FIELD_USER_TIME = 14;

/** CPU time that a process has used since it began, in ms; NaN where there is no /proc. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await read(pid, 'stat');
  // The second field is the program's name in brackets and may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const index = STAT_FIELD_USER_TIME - STAT_FIELDS_BEFORE_STATE - 1;
  return ((Number(fields[index]) + Number(fields[index + 1])) * 1_000) / TICKS_PER_SECOND;
}

/** Resident memory of a process in MiB; NaN where there is no /proc. */
export async function residentMebibytes(pid: number): Promise<number> {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(await read(pid, 'status'))?.[1];
  return Number(kibibytes) / 1_024;
}

async function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}

/** CPU time of several processes, by name. */
export class CpuMeter {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #before = new Map<string, number>();

  constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
  }

  async start(): Promise<void> {
    for (const [name, pid] of Object.entries(this.#pids)) this.#before.set(name, await cpuMs(pid));
  }

  /** CPU ms since `start`. */
  async read(): Promise<Readonly<Record<string, number>>> {
    const used: Record<string, number> = {};
    for (const [name, pid] of Object.entries(this.#pids)) {
      used[name] = (await cpuMs(pid)) - (this.#before.get(name) ?? Number.NaN);
    }
    return used;
  }
}
