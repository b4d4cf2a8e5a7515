import { randomBytes } from 'node:crypto';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import { homePaths, readTextIfAny, replaceFile } from './home-files.ts';

const INSTANCE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * This machine's container instance id: WAYBILL_INSTANCE_ID, else the one in the data folder, made at the first start, so
 * that the agent finds its tasks again after a restart. It is known before the agent runs, because its NATS user may
 * touch the subjects of this instance only.
 * @throws CliProblem for an id that no subject can carry; another one would make orphans of this machine's containers
 */
export async function ensureInstanceId(home: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { instanceId: path } = homePaths(home);
  const named = env['WAYBILL_INSTANCE_ID'] ?? '';
  const kept = named === '' ? ((await readTextIfAny(path))?.trim() ?? null) : named;
  if (kept !== null) {
    if (INSTANCE_ID.test(kept)) return kept;
    const where = named === '' ? path : 'WAYBILL_INSTANCE_ID';
    throw new CliProblem(`${where} holds no container instance id (1 to 64 letters, digits, - and _)`, EXIT.usage);
  }
  const id = randomBytes(16).toString('hex');
  await replaceFile(path, `${id}\n`);
  return id;
}
