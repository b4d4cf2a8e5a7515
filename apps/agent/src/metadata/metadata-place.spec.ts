import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLogger } from '#libs/platform';
import { metadataObstacle, openMetadataPlace } from './metadata-place.ts';

const HOST = { platform: 'linux', mayConfigureNetwork: true, dockerHost: undefined } as const;
const log = createLogger('agent', 'silent');

test.each([
  [{}, undefined],
  [{ dockerHost: 'unix:///var/run/docker.sock' }, undefined],
  [{ dockerHost: '' }, undefined],
  [{ dockerHost: 'tcp://10.0.0.1:2375' }, /another machine/],
  [{ mayConfigureNetwork: false }, /CAP_NET_ADMIN/],
  [{ platform: 'darwin' as const }, /Linux only/],
])('what stands in the way of the endpoint: %j', (members, obstacle) => {
  const found = metadataObstacle({ ...HOST, ...members });
  if (obstacle === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(obstacle);
});

test('where it cannot be opened, containers are given none', async () => {
  const home = await mkdtemp(join(tmpdir(), 'waybill-metadata-'));
  const fails = () => Promise.reject(new Error('ip: not found'));
  await expect(openMetadataPlace({ host: HOST, home, log, run: fails })).resolves.toBeNull();
  await expect(openMetadataPlace({ host: { ...HOST, mayConfigureNetwork: false }, home, log })).resolves.toBeNull();
  await rm(home, { recursive: true });
});
