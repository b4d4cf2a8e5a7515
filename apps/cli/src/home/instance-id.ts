import { randomBytes } from 'node:crypto';
import { homePaths, readTextIfAny, replaceFile } from './home-files.ts';

const INSTANCE_ID = /^[0-9a-f]{32}$/;

/** This machine's container instance id: made once, so that its agent finds its tasks again after a restart. */
export async function ensureInstanceId(home: string): Promise<string> {
  const { instanceId: path } = homePaths(home);
  const kept = (await readTextIfAny(path))?.trim() ?? '';
  if (INSTANCE_ID.test(kept)) return kept;
  return await newInstanceId(home);
}

/** A deregistered container instance never comes back: its machine returns as another one. */
export async function newInstanceId(home: string): Promise<string> {
  const id = randomBytes(16).toString('hex');
  await replaceFile(homePaths(home).instanceId, `${id}\n`);
  return id;
}
