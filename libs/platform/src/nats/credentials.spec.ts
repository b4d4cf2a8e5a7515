import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureNatsCredentials, readNatsCredentials } from './credentials.ts';
import { makePrivateFolder } from '../private-files.ts';
import { natsPaths } from './home-files.ts';
import { agentUser, controlPlaneUser, rootUser } from './permissions.ts';
import { claimNatsHome, readNatsServerState } from './server-claim.ts';

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'waybill-credentials-'))));
afterEach(() => rm(home, { recursive: true }));

describe('the NATS credentials of a data folder', () => {
  test('keep known users, add new ones and forget the others', async () => {
    expect(await readNatsCredentials(home)).toBeNull();
    const first = await ensureNatsCredentials(home, [controlPlaneUser(), rootUser()]);
    const second = await ensureNatsCredentials(home, [rootUser(), agentUser('default', 'i1')]);
    expect(second['root']).toEqual(first['root']);
    expect(Object.keys(second)).toEqual(['root', agentUser('default', 'i1').name]);
    expect(await readNatsCredentials(home)).toEqual(second);
  });

  test.each(['', '{"users":', 'null', '{}'])(
    'in a damaged file (%s): named, and made anew by a start',
    async (text) => {
      const { credentials: file } = natsPaths(home);
      await makePrivateFolder(join(home, 'credentials'));
      await writeFile(file, text);
      await expect(readNatsCredentials(home)).rejects.toThrow(`${file} is damaged: the next start makes a new one`);
      const made = await ensureNatsCredentials(home, [rootUser()]);
      expect(await readNatsCredentials(home)).toEqual(made);
    },
  );
});

test.each(['', '{"ownerPid":', 'null'])('a damaged claim on a data folder (%s) belongs to no process', async (text) => {
  const { state } = natsPaths(home);
  await makePrivateFolder(join(home, 'run'));
  await writeFile(state, text);
  expect(await readNatsServerState(home)).toBeNull();
  expect(await claimNatsHome(home)).toMatchObject({ ownerPid: process.pid });
});
