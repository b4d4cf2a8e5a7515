import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SettingsProblem } from '#libs/platform';
import { INSTANCE_ID } from '../settings/agent-settings.ts';

/** The id of this host's container instance: drawn at the first start, then the same for ever. Kept below the data folder. */
export async function ensureInstanceId(home: string): Promise<string> {
  const file = path.join(home, 'agent', 'instance-id');
  const kept = await read(file);
  if (kept !== null) return kept;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(16).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    // Whole or not at all: of two agents that start at once, one draws the id and the other takes it.
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  const drawn = await read(file);
  if (drawn === null) throw new SettingsProblem(`${file} could not be written`);
  return drawn;
}

async function read(file: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  // Half a file would make another host of this one, and its containers orphans.
  if (!INSTANCE_ID.test(text))
    throw new SettingsProblem(`${file} holds no instance id: restore it, or set WAYBILL_INSTANCE_ID`);
  return text;
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
