import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the nats-server's parts live below the product's data folder. */
export function natsPaths(home: string) {
  return {
    config: join(home, 'nats', 'nats-server.conf'),
    store: join(home, 'nats'),
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
  // A left-over temporary file keeps its old mode, so say it again.
  await chmod(temporary, OWNER_ONLY_FILE);
  await rename(temporary, path);
}

/** The parsed file, or null if there is none. @throws SyntaxError if it is not JSON */
export async function readJsonFile<T>(path: string): Promise<T | null> {
  const text = await readTextFile(path);
  return text === null ? null : (JSON.parse(text) as T);
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
