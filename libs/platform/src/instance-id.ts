import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SettingsProblem } from './settings/settings.ts';
import { isErrno } from './nats/home-files.ts';

/** What a subject token and a file can carry. */
export const INSTANCE_ID = /^[A-Za-z0-9_-]{1,64}$/;
const CHECKSUM_DIGITS = 16;

/** Where the id of this host's container instance is kept below the data folder. */
export function instanceIdFile(home: string): string {
  return path.join(home, 'agent', 'instance-id');
}

/**
 * The id of this host's container instance: the one that `named` gives, else the one in the data folder, drawn at the
 * first start and then the same permanently, so that the agent finds its tasks again.
 * @throws SettingsProblem for an id that no subject can carry, or a damaged file: another id would make orphans of this
 *   host's containers
 */
export async function ensureInstanceId(home: string, named: string | undefined): Promise<string> {
  if (named !== undefined && named !== '') {
    if (INSTANCE_ID.test(named)) return named;
    throw new SettingsProblem('WAYBILL_INSTANCE_ID must be 1 to 64 letters, digits, hyphens and underscores');
  }
  const file = instanceIdFile(home);
  const kept = await readInstanceId(home);
  if (kept !== null) return kept;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  const id = randomBytes(16).toString('hex');
  await writeFile(draft, `${id} ${checksumOf(id)}\n`, { mode: 0o600, flush: true });
  try {
    // Whole or not at all: of two processes that start at once, one draws the id and the other takes it.
    await link(draft, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  const drawn = await readInstanceId(home);
  if (drawn === null) throw new SettingsProblem(`${file} could not be written`);
  return drawn;
}

/** The id in the data folder, or null if none was drawn yet. @throws SettingsProblem for a damaged file */
export async function readInstanceId(home: string): Promise<string | null> {
  const file = instanceIdFile(home);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
  const [id = '', checksum = ''] = text.trim().split(' ');
  if (INSTANCE_ID.test(id) && checksum === checksumOf(id)) return id;
  throw new SettingsProblem(
    `${file} is damaged: restore it, or set WAYBILL_INSTANCE_ID to this host's id (docker inspect shows it as the label waybill.instance-id)`,
  );
}

/** A flipped bit would make another host of this one. */
function checksumOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, CHECKSUM_DIGITS);
}
