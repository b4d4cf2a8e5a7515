import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const OWNER_ONLY_FOLDER = 0o700;

/** What `waybill up` itself keeps in a data folder; credentials and the journal are libs/platform's. */
export function homePaths(home: string) {
  return {
    endpoint: join(home, 'run', 'endpoint.json'),
    log: (name: string): string => join(home, 'logs', `${name}.log`),
  };
}

/** Makes the data folder, for its owner only: it holds keys and everybody's environment variables. */
export async function makeHome(home: string): Promise<void> {
  await mkdir(join(home, 'logs'), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await chmod(home, OWNER_ONLY_FOLDER);
}
