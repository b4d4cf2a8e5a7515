import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The account's root key pair, as AWS tools expect one. */
export interface RootAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Where the root key is kept, readable by its owner only. */
export function rootAccessKeyFile(home: string): string {
  return path.join(home, 'credentials', 'root-access-key.json');
}

/** @throws when the file is missing or is not what this module wrote */
export async function readRootAccessKey(home: string): Promise<RootAccessKey> {
  const file = rootAccessKeyFile(home);
  const { accessKeyId, secretAccessKey } = JSON.parse(await readFile(file, 'utf8')) as Partial<RootAccessKey>;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') {
    throw new Error(`${file} holds no access key; move it away to have a new one made`);
  }
  return { accessKeyId, secretAccessKey };
}

/** Reads the root key, or makes one on the first start. `created` tells that it has to be shown now, once. */
export async function ensureRootAccessKey(home: string): Promise<{ key: RootAccessKey; created: boolean }> {
  const file = rootAccessKeyFile(home);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const key = { accessKeyId: newAccessKeyId(), secretAccessKey: randomBytes(30).toString('base64') };
  let handle;
  try {
    // `wx`: two processes that start at once must end up with the same key.
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      return { key: await readRootAccessKey(home), created: false };
    throw error;
  }
  try {
    await handle.writeFile(`${JSON.stringify(key, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { key, created: true };
}

function newAccessKeyId(): string {
  let id = 'AKIA';
  while (id.length < 20) id += ID_ALPHABET[randomInt(ID_ALPHABET.length)];
  return id;
}
