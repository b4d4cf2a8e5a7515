import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileDamaged } from './file-damaged.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

let drafts = 0;

/** A name beside a file that no other write uses at the same time. */
function draftOf(path: string): string {
  drafts += 1;
  return `${path}.${process.pid}.${drafts}.draft`;
}

/** Creates the folder of a file that holds secrets. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
}

/**
 * Replaces a file as a whole, readable by its owner only: a reader sees the old text or the new one, never a part, and what
 * was written survives a power cut.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  const temporary = draftOf(path);
  const file = await open(temporary, 'w', OWNER_ONLY_FILE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  // A left-over draft keeps its old mode, so it is set again.
  await chmod(temporary, OWNER_ONLY_FILE);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** A new name is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a file unless there is one. A hard link appears with its whole content, so a part of it is never read. */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const draft = draftOf(path);
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

/** The file's text, or null if there is none. */
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
