import { join } from 'node:path';
import {
  dockerConfigLogins,
  engineDisk,
  engineDiskProblem,
  fileRegistryCredentials,
} from '#libs/container-runtime-docker';
import type { ImageOptions } from '#libs/container-runtime-docker';
import { logNotes, processClock, readTextFile, SettingsProblem, writePrivateFile } from '#libs/platform';
import type { Logger } from 'pino';
import type { ImageSettings } from '../settings/image-settings.ts';

/**
 * How this host gets its images. What it has pulled is remembered in the data folder.
 * @throws SettingsProblem for a file of registry credentials that is not there, is not private or makes no sense
 */
export async function hostImages(
  { credentialsFile, dockerConfigFile, ...settings }: ImageSettings,
  home: string,
  log: Logger,
): Promise<ImageOptions> {
  const ledgerFile = join(home, 'agent', 'pulled-images.json');
  const credentials = credentialsFile === undefined ? undefined : fileRegistryCredentials(credentialsFile);
  try {
    await credentials?.check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SettingsProblem(`WAYBILL_REGISTRY_CREDENTIALS: ${why}`);
  }
  return {
    ...settings,
    clock: processClock,
    notes: logNotes(log),
    ledger: { read: () => readTextFile(ledgerFile), write: (text) => writePrivateFile(ledgerFile, text) },
    ...(credentials === undefined ? {} : { credentials }),
    ...(dockerConfigFile === undefined ? {} : { logins: dockerConfigLogins(dockerConfigFile) }),
  };
}

/** Says so when the engine has hardly any room left. An engine that cannot be asked yet is no matter of its disk. */
export async function noteEngineDisk(log: Logger): Promise<void> {
  try {
    const disk = await engineDisk();
    const problem = disk === null ? undefined : engineDiskProblem(disk);
    if (problem !== undefined) log.warn(problem);
  } catch (error) {
    log.debug({ err: error }, 'the room for images is not known');
  }
}
