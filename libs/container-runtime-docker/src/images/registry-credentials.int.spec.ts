import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fileRegistryCredentials } from './registry-credentials.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:registry-AbCdEf';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-credentials-'));
  path = join(folder, 'credentials.json');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (logins: unknown): Promise<void> => writeFile(path, JSON.stringify(logins), { mode: 0o600 });

test('by ARN or name, and read again when they change', async () => {
  const credentials = fileRegistryCredentials(path);
  await write({ [SECRET]: { username: 'u', password: 'old' }, plain: { username: 'v', password: 'w' } });
  expect(await credentials.of(SECRET)).toEqual({ username: 'u', password: 'old' });
  expect(await credentials.of('plain')).toEqual({ username: 'v', password: 'w' });
  expect(await credentials.of('other')).toBeUndefined();
  await write({ [SECRET]: { username: 'u', password: 'new' } });
  expect(await credentials.of(SECRET)).toEqual({ username: 'u', password: 'new' });
});

test.each([
  ['no file', () => Promise.resolve(), 'ENOENT'],
  [
    'others may read it',
    async () => {
      await write({ [SECRET]: { username: 'u', password: 'p' } });
      await chmod(path, 0o640);
    },
    'only its owner may have access (mode 0600)',
  ],
  ['half a file', () => writeFile(path, '{"secret":"pass', { mode: 0o600 }), 'not JSON'],
  ['half an entry', () => write({ [SECRET]: { username: 'u' } }), 'an entry lacks username or password'],
])('%s: a reason that shows no secret, and no other attempt', async (_name, prepare, why) => {
  await prepare();
  await expect(fileRegistryCredentials(path).of(SECRET)).rejects.toMatchObject({
    name: 'ResourceInitializationError',
    detail: expect.stringMatching(/^unable to pull secrets or registry auth: the file of this host's/),
    message: expect.stringContaining(why),
    retry: false,
  });
});
