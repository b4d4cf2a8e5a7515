import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileDamaged } from '../file-damaged.ts';

/** Where the nats-server's parts live below the product's data folder. */
export function natsPaths(home: string) {
  return {
    config: join(home, 'nats', 'nats-server.conf'),
    store: join(home, 'nats'),
    /** There while `waybill doctor` puts a repaired store into the place of the old one. */
    storeExchange: join(home, 'nats', 'doctor-exchange.json'),
    credentials: join(home, 'credentials', 'nats.json'),
    log: join(home, 'logs', 'nats-server.log'),
    portsFolder: join(home, 'run', 'nats-ports'),
    pid: join(home, 'run', 'nats-server.pid'),
    state: join(home, 'run', 'nats-server.json'),
  };
}

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Creates the folder of a file that holds secrets. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
}

/** Replaces a file as a whole, readable by its owner only: a reader sees the old text or the new one, never a part. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', OWNER_ONLY_FILE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  // A left-over temporary file keeps its old mode, so it is set again.
  await chmod(temporary, OWNER_ONLY_FILE);
  await rename(temporary, path);
}

/** Makes a file unless there is one. A hard link appears with its whole content, so a part of it is never read. */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.draft`;
  await writePrivateFile(draft, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The object in a file, or null if there is no file. @throws FileDamaged */
export async function readJsonFile<T extends object>(path: string): Promise<T | null> {
  const text = await readTextFile(path);
  if (text === null) return null;
  const damaged = new FileDamaged(path, 'the next start makes a new one');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged;
  }
  if (typeof value !== 'object' || value === null) throw damaged;
  return value as T;
}

export async function readTextFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whether an error carries that code: the operating system's name, or a program's exit code. */
export function isErrno(error: unknown, code: string | number): boolean {
  // Not `instanceof`: Node's own errors come from another realm where the product runs inside a test's.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
