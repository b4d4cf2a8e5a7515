import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { createLogger, SettingsProblem } from '#libs/platform';
import { REGISTRY_USER, testRegistry } from '#libs/testing';
import type { TestRegistry } from '#libs/testing';
import Docker from 'dockerode';
import { readImageSettings } from '../settings/image-settings.ts';
import { hostImages } from './host-images.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const docker = new Docker();
const log = createLogger('agent', 'fatal');
let registry: TestRegistry;
let home: string;
beforeAll(async () => {
  registry = await testRegistry(docker, { login: true });
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-images-'));
});
afterEach(() => rm(home, { recursive: true }));
afterAll(() => registry.stop());

test('what the host has pulled, with a login from its file, is remembered in the data folder, for its owner', async () => {
  const file = join(home, 'credentials.json');
  await writeFile(file, JSON.stringify({ 'registry-login': REGISTRY_USER }), { mode: 0o600 });
  const { reference, imageId } = await registry.push(registry.newName(), '1');
  const images = await hostImages(readImageSettings({ WAYBILL_REGISTRY_CREDENTIALS: file }), home, log);
  const runtime = new DockerRuntime({ instanceId: registry.newName(), images });
  try {
    expect((await runtime.info()).capabilities).toContain('private-registry-authentication.secretsmanager');
    expect(await runtime.pull({ reference, credentialsParameter: 'registry-login' })).toBe(imageId);
    const ledger = join(home, 'agent', 'pulled-images.json');
    expect(JSON.parse(await readFile(ledger, 'utf8'))).toMatchObject({ images: [{ id: imageId }] });
    expect((await stat(ledger)).mode & 0o777).toBe(0o600);
  } finally {
    await runtime.close();
    await docker.getImage(reference).remove();
  }
});

test('an agent does not start with a file of logins that others may read', async () => {
  const file = join(home, 'credentials.json');
  await writeFile(file, '{}', { mode: 0o644 });
  const start = hostImages(readImageSettings({ WAYBILL_REGISTRY_CREDENTIALS: file }), home, log);
  await expect(start).rejects.toThrow(SettingsProblem);
  await expect(start).rejects.toThrow(/WAYBILL_REGISTRY_CREDENTIALS: .*only its owner may have access/);
});
