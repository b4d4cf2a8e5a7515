import { randomBytes, randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FileDamaged } from '../file-damaged.ts';
import { createPrivateFile } from '../private-files.ts';

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

/** @throws FileDamaged, or an error of the operating system when the file is missing */
export async function readRootAccessKey(home: string): Promise<RootAccessKey> {
  const file = rootAccessKeyFile(home);
  const key = parsedKey(await readFile(file, 'utf8'));
  // Clients hold the old key, so a new one is made only when it is asked for.
  if (key === null) throw new FileDamaged(file, 'restore it, or remove it and the next start makes a new key');
  return key;
}

function parsedKey(text: string): RootAccessKey | null {
  try {
    const { accessKeyId, secretAccessKey } = Object(JSON.parse(text)) as Partial<RootAccessKey>;
    return typeof accessKeyId === 'string' && typeof secretAccessKey === 'string'
      ? { accessKeyId, secretAccessKey }
      : null;
  } catch {
    return null;
  }
}

/** Reads the root key, or makes one on the first start. `created`: this call made it. */
export async function ensureRootAccessKey(home: string): Promise<{ key: RootAccessKey; created: boolean }> {
  const key = { accessKeyId: newAccessKeyId(), secretAccessKey: randomBytes(30).toString('base64') };
  // Two processes that start at once end up with the same key.
  const created = await createPrivateFile(rootAccessKeyFile(home), `${JSON.stringify(key, null, 2)}\n`);
  return { key: created ? key : await readRootAccessKey(home), created };
}

function newAccessKeyId(): string {
  let id = 'AKIA';
  while (id.length < 20) id += ID_ALPHABET[randomInt(ID_ALPHABET.length)];
  return id;
}
