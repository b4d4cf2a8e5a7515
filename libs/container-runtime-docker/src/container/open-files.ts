import { readFile } from 'node:fs/promises';

/** ECS developer guide, Fargate task definitions: the default of nofile, soft and hard. */
export const FARGATE_OPEN_FILES = 65_535;

const LIMITS_FILE = '/proc/self/limits';
const HARD_LIMIT = /^Max open files\s+\S+\s+(\d+)/m;

/**
 * How many open files a Fargate container may have where its definition does not say: as many as Fargate gives, but no more
 * than processes of this machine may have, where that is limited. An engine without the right to go beyond would start none.
 *
 * @param limits what `/proc/<pid>/limits` shows
 */
export function openFilesWithin(limits: string): number {
  const hard = HARD_LIMIT.exec(limits)?.[1];
  return hard === undefined ? FARGATE_OPEN_FILES : Math.min(FARGATE_OPEN_FILES, Number(hard));
}

/** The same for the machine of this process. Elsewhere the file does not exist, and nothing is known of limits. */
export async function openFilesHere(): Promise<number> {
  const limits = await readFile(LIMITS_FILE, 'utf8').catch(() => '');
  return openFilesWithin(limits);
}
