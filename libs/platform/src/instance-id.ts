import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { SettingsProblem } from './settings/settings.ts';
import { createPrivateFile, readTextFile } from './private-files.ts';
import { checksum } from './sha256.ts';

/** What a subject token and a file can carry. */
const INSTANCE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Where the id of this host's container instance is kept below the data folder. */
export function instanceIdFile(home: string): string {
  return path.join(home, 'agent', 'instance-id');
}

/** The id that the environment gives this host's container instance, or null. @throws SettingsProblem for one that no subject can carry */
export function instanceIdFrom(env: NodeJS.ProcessEnv): string | null {
  const named = env['WAYBILL_INSTANCE_ID'] ?? '';
  if (named === '') return null;
  if (INSTANCE_ID.test(named)) return named;
  throw new SettingsProblem('WAYBILL_INSTANCE_ID must be 1 to 64 letters, digits, hyphens and underscores');
}

/**
 * The id of this host's container instance: the one in the data folder, drawn at the first start and then the same
 * permanently, so that the agent finds its tasks again.
 * @throws SettingsProblem for a damaged file: another id would make orphans of this host's containers
 */
export async function ensureInstanceId(home: string): Promise<string> {
  const file = instanceIdFile(home);
  const kept = await readInstanceId(home);
  if (kept !== null) return kept;
  const id = randomBytes(16).toString('hex');
  // Of two processes that start at once, one draws the id and the other takes it.
  await createPrivateFile(file, `${id} ${checksum(id)}\n`);
  const drawn = await readInstanceId(home);
  if (drawn === null) throw new SettingsProblem(`${file} could not be written`);
  return drawn;
}

/** The id in the data folder, or null if none was drawn yet. @throws SettingsProblem for a damaged file */
export async function readInstanceId(home: string): Promise<string | null> {
  const file = instanceIdFile(home);
  const text = await readTextFile(file);
  if (text === null) return null;
  const [id = '', sum = ''] = text.trim().split(' ');
  if (INSTANCE_ID.test(id) && sum === checksum(id)) return id;
  throw new SettingsProblem(
    `${file} is damaged: restore it, or set WAYBILL_INSTANCE_ID to this host's id (docker inspect shows it as the label waybill.instance-id)`,
  );
}
