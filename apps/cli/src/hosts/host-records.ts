import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostLaunchType } from '#libs/ecs/messages';
import { FileDamaged, readTextFile, writePrivateFile } from '#libs/platform';

/** A host that was given a join token by this data folder. */
export interface HostRecord {
  readonly instanceId: string;
  readonly cluster: string;
  /** Null: what an agent offers by itself. */
  readonly launchTypes: readonly HostLaunchType[] | null;
  /** What the person who made the token calls the host. */
  readonly name: string | null;
  readonly createdAt: number;
  /** Until when the token is good for joining (ms). */
  readonly tokenExpiresAt: number;
  /** The one machine that has used the token; null: none yet. */
  readonly joined: JoinedMachine | null;
}

export interface JoinedMachine {
  /** A random word that the machine drew for itself. */
  readonly machine: string;
  readonly hostname: string;
  readonly at: number;
}

/** One file per host, so that commands and the running stack never write the same one at the same time by accident. */
export function hostsFolder(home: string): string {
  return join(home, 'hosts');
}

const fileOf = (home: string, instanceId: string): string => join(hostsFolder(home), `${instanceId}.json`);

export async function makeHostsFolder(home: string): Promise<string> {
  const folder = hostsFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** @throws FileDamaged */
export async function readHosts(home: string): Promise<readonly HostRecord[]> {
  const names = (await readdir(await makeHostsFolder(home))).filter((name) => name.endsWith('.json'));
  const records = await Promise.all(names.map((name) => readHost(home, name.slice(0, -'.json'.length))));
  return records.flatMap((record) => record ?? []).sort((a, b) => a.createdAt - b.createdAt);
}

/** Null: no such host, or not any more. @throws FileDamaged */
export async function readHost(home: string, instanceId: string): Promise<HostRecord | null> {
  const file = fileOf(home, instanceId);
  const text = await readTextFile(file);
  if (text === null) return null;
  try {
    return JSON.parse(text) as HostRecord;
  } catch {
    throw new FileDamaged(file, `remove it; the host ${instanceId} then needs a new token`);
  }
}

export async function writeHost(home: string, record: HostRecord): Promise<void> {
  await writePrivateFile(fileOf(home, record.instanceId), `${JSON.stringify(record, null, 2)}\n`);
}

export async function removeHost(home: string, instanceId: string): Promise<void> {
  await rm(fileOf(home, instanceId), { force: true });
}
