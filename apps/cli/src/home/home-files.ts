import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** What `waybill up` itself keeps in a data folder; credentials and the journal are libs/platform's. */
export function homePaths(home: string) {
  return {
    endpoint: join(home, 'run', 'endpoint.json'),
    log: (name: string): string => join(home, 'logs', `${name}.log`),
  };
}

/** Makes the data folder, for its owner only: it holds keys and everybody's environment variables. */
export async function makeHome(home: string): Promise<void> {
  await mkdir(join(home, 'logs'), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await chmod(home, OWNER_ONLY_FOLDER);
}

/** The file's text, or null if there is none. */
export async function readTextIfAny(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error !== null && typeof error === 'object' && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces a file as a whole: a reader sees the old text or the new one, never a part. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', OWNER_ONLY_FILE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
