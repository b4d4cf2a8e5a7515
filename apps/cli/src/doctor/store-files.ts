import { constants } from 'node:fs';
import { chown, copyFile, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextFile, writePrivateFile } from '#libs/platform';
import { CliProblem } from '../shell/cli-problem.ts';

/** Below the store folder that nats-server is configured with. */
const JETSTREAM = 'jetstream';
/** Where the journal's own files are, below it. */
export const JOURNAL_FILES = join('WAYBILL', 'streams', 'WAYBILL');

const folderOf = (store: string): string => join(store, JETSTREAM);
/** Copies to work on. It can be removed at any moment but while the stores change places. */
export const workFolderOf = (store: string): string => join(store, 'doctor');
const exchangeFileOf = (store: string): string => join(store, 'doctor-exchange.json');

/** What is left to do of two renames that must both happen. */
interface Exchange {
  readonly repaired: string;
  readonly kept: string;
}

/** Copies the files of a store. `skip` is a path below it. Where the file system can, copies share their blocks. */
export async function copyStore(store: string, to: string, skip: string | null): Promise<void> {
  await copyTree(folderOf(store), folderOf(to), skip === null ? null : join(folderOf(store), skip));
}

async function copyTree(from: string, to: string, skip: string | null): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (source === skip) continue;
    if (entry.isDirectory()) await copyTree(source, target, skip);
    else await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}

/** @throws CliProblem where there is no store, or no room for so many copies of it */
export async function checkRoom(store: string, copies: number): Promise<void> {
  const bytes = await bytesOf(folderOf(store)).catch(() => null);
  if (bytes === null) throw new CliProblem(`${store} holds no store of nats-server`);
  const { bavail, bsize } = await statfs(store);
  if (bavail * bsize < bytes * copies) {
    throw new CliProblem(
      `the disk of ${store} has ${bavail * bsize} bytes free, and ${copies} copies of the store take ${bytes * copies}`,
    );
  }
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? await bytesOf(path) : (await stat(path)).size;
  }
  return bytes;
}

/**
 * Puts a repaired store into the place of the old one, which is kept beside it. A process that is interrupted between the two
 * renames leaves a note, and `finishExchange` goes on.
 * @returns where the old store is now
 */
export async function exchangeStores(store: string, repaired: string, stamp: string): Promise<string> {
  const kept = join(store, `before-repair-${stamp}`);
  await syncTree(folderOf(repaired), await stat(folderOf(store)));
  await writePrivateFile(
    exchangeFileOf(store),
    JSON.stringify({ repaired: folderOf(repaired), kept } satisfies Exchange),
  );
  await finishExchange(store);
  return kept;
}

/** Does what is left to do of an exchange, if there is one. */
export async function finishExchange(store: string): Promise<void> {
  const text = await readTextFile(exchangeFileOf(store));
  if (text === null) return;
  const { repaired, kept } = JSON.parse(text) as Exchange;
  if (await exists(repaired)) {
    if (!(await exists(kept))) await rename(folderOf(store), kept);
    await rename(repaired, folderOf(store));
    await syncFolder(store);
  }
  await rm(exchangeFileOf(store));
}

/** Files are durable and belong to the user that nats-server runs as. */
async function syncTree(folder: string, owner: { readonly uid: number; readonly gid: number }): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await syncTree(path, owner);
      continue;
    }
    const file = await open(path, 'r+');
    try {
      await file.sync();
      await file.chown(owner.uid, owner.gid);
    } finally {
      await file.close();
    }
  }
  await chown(folder, owner.uid, owner.gid);
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
