import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { containerSpecOf, REGISTRY_USER, testRegistry } from '#libs/testing';
import type { TestRegistry } from '#libs/testing';
import Docker from 'dockerode';
import { testImageOptions } from '../../spec/image-options.ts';
import type { Noted } from '../../spec/image-options.ts';
import { DockerRuntime } from '../docker-runtime.ts';
import { dockerConfigLogins } from './docker-config.ts';
import type { ImageOptions } from './image-options.ts';
import { fileRegistryCredentials } from './registry-credentials.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;
const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:registry-AbCdEf';
const docker = new Docker();
let instances = 0;
let runtimes: DockerRuntime[] = [];
let noted: Noted[] = [];
let registry: TestRegistry;

function runtimeOf(options: Partial<ImageOptions> = {}): DockerRuntime {
  instances += 1;
  const instanceId = `${registry.newName()}-${instances}`;
  const runtime = new DockerRuntime({ instanceId, images: testImageOptions(options, noted) });
  runtimes.push(runtime);
  return runtime;
}

/** Takes whatever a spec has pulled from that registry off the engine. */
async function removeImages(host: string): Promise<void> {
  for (const { Id, RepoTags, RepoDigests } of await docker.listImages()) {
    const isOurs = [...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => name.startsWith(`${host}/`));
    if (isOurs) await docker.getImage(Id).remove({ force: true });
  }
}

const isThere = (name: string): Promise<boolean> =>
  docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      () => false,
    );

async function cleanUp(): Promise<void> {
  for (const runtime of runtimes) {
    for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
    await runtime.close();
  }
  runtimes = [];
  noted = [];
  await removeImages(registry.host);
}

describe('a registry for everybody', () => {
  beforeAll(async () => {
    registry = await testRegistry(docker, { login: false });
  });
  afterEach(cleanUp);
  afterAll(() => registry.stop());

  test('a container is made of what its own pull has found, though the tag has moved on', async () => {
    const name = registry.newName();
    const first = await registry.push(name, '1');
    const runtime = runtimeOf();
    const imageId = await runtime.pull(first);
    const second = await registry.push(name, '1');
    expect(await runtime.pull(second)).toBe(second.imageId);
    expect(imageId).toBe(first.imageId);
    const spec = containerSpecOf({ instanceId: 'unused', image: first.reference }, { command: ['/content'] });
    const { runtimeId } = await runtime.create({ ...spec, imageId: first.imageId });
    try {
      expect(await docker.getContainer(runtimeId).inspect()).toMatchObject({ Image: first.imageId });
      expect(await runtime.inspect(runtimeId)).toMatchObject({ imageDigest: first.manifestDigest });
      expect(await runtime.describe(runtimeId)).toMatchObject({ image: first.reference, imageId: first.imageId });
    } finally {
      await runtime.remove(runtimeId);
    }
  });

  test('default looks for a newer image, once and prefer-cached do not, and once pulls what others have brought', async () => {
    const name = registry.newName();
    const first = await registry.push(name, '1');
    const once = runtimeOf({ behavior: 'once' });
    expect(await once.pull(first)).toBe(first.imageId);
    const second = await registry.push(name, '1');
    // The push has taken the tag away from it.
    await docker.getImage(first.imageId).tag({ repo: `${registry.host}/${name}`, tag: '1' });
    expect(await once.pull(first)).toBe(first.imageId);
    expect(await runtimeOf({ behavior: 'prefer-cached' }).pull(first)).toBe(first.imageId);
    expect(await runtimeOf({ behavior: 'once' }).pull(first)).toBe(second.imageId);
    await docker.getImage(first.imageId).tag({ repo: `${registry.host}/${name}`, tag: '1' });
    expect(await runtimeOf({ behavior: 'default' }).pull(first)).toBe(second.imageId);
  });

  test('what only this host has is used by default, and refused by always', async () => {
    const image = await registry.push(registry.newName(), '1');
    await runtimeOf().pull(image);
    await registry.forget(image);
    expect(await runtimeOf().pull(image)).toBe(image.imageId);
    expect(noted).toMatchObject([{ level: 'warn', facts: { why: expect.stringContaining('manifest unknown') } }]);
    await expect(runtimeOf({ behavior: 'always' }).pull(image)).rejects.toMatchObject({
      name: 'CannotPullContainerError',
      detail: expect.stringContaining('manifest unknown'),
      retry: false,
    });
  });

  test('the digest that a deployment has settled on is the image, wherever its tag leads', async () => {
    const name = registry.newName();
    const first = await registry.push(name, '1');
    const second = await registry.push(name, '1');
    const { reference, manifestDigest: digest } = first;
    const runtime = runtimeOf({ behavior: 'always' });
    expect(await runtime.pull({ reference, digest })).toBe(first.imageId);
    expect(await runtime.pull(second)).toBe(second.imageId);
    await registry.forget(first);
    // Here it needs no registry, by its digest or by its id.
    expect(await runtime.pull({ reference, digest })).toBe(first.imageId);
    expect(await runtime.pull({ reference: 'waybill-test-built-here', digest: first.imageId })).toBe(first.imageId);
    // One that this engine has had may still be in a cache of its own, even when the image is gone.
    const unknown = `sha256:${randomBytes(32).toString('hex')}`;
    await expect(runtime.pull({ reference, digest: unknown })).rejects.toMatchObject({
      name: 'CannotPullContainerError',
      detail: expect.stringContaining('manifest unknown'),
      retry: false,
    });
  });
});

describe('the clean-up', () => {
  beforeAll(async () => {
    registry = await testRegistry(docker, { login: false });
  });
  afterEach(cleanUp);
  afterAll(() => registry.stop());

  test('removes what this agent has pulled and nobody has any more, over a restart, and nothing else', async () => {
    let now = Date.now();
    let due: () => void = () => undefined;
    let ledger: string | null = null;
    let written: () => void = () => undefined;
    const options: Partial<ImageOptions> = {
      behavior: 'default',
      cleanup: { intervalMs: HOUR_MS, minimumAgeMs: HOUR_MS, imagesPerCycleMax: 5, excluded: [] },
      clock: {
        wall: () => now,
        monotonic: () => now,
        after: (_delayMs, act) => {
          due = act;
          return () => undefined;
        },
        soon: (act) => void setImmediate(act),
      },
      ledger: {
        read: () => Promise.resolve(ledger),
        write: (text) => {
          ledger = text;
          written();
          return Promise.resolve();
        },
      },
    };
    const cycle = async (): Promise<void> => {
      const saved = new Promise<void>((resolve) => {
        written = resolve;
      });
      due();
      await saved;
    };
    const [unused, used, renamed, foreign] = [
      await registry.push(registry.newName(), '1'),
      await registry.push(registry.newName(), '1'),
      await registry.push(registry.newName(), '1'),
      await registry.push(registry.newName(), '1'),
    ];
    await runtimeOf().pull(foreign);
    const before = runtimeOf(options);
    for (const image of [unused, used, renamed]) await before.pull(image);
    await before.pull(foreign);
    await docker.getImage(renamed.reference).tag({ repo: `${registry.host}/mine`, tag: '1' });
    const outdated = await registry.push(registry.newName(), '1');
    await before.pull({ reference: outdated.reference });
    const name = outdated.reference.slice(registry.host.length + 1).split(':')[0] ?? '';
    await before.pull(await registry.push(name, '1'));
    const container = await docker.createContainer({ Image: used.reference, Cmd: ['/content'] });
    try {
      runtimeOf(options);
      await cycle();
      for (const { imageId } of [unused, outdated]) expect(await isThere(imageId)).toBe(true);
      now += HOUR_MS;
      await cycle();
      for (const { imageId } of [unused, outdated]) expect(await isThere(imageId)).toBe(false);
      for (const { reference } of [used, renamed, foreign]) expect(await isThere(reference)).toBe(true);
    } finally {
      await container.remove();
    }
    now += HOUR_MS;
    await cycle();
    expect(await isThere(used.reference)).toBe(false);
    for (const { reference } of [renamed, foreign]) expect(await isThere(reference)).toBe(true);
  });
});

describe('a private registry', () => {
  let folder: string;
  beforeAll(async () => {
    registry = await testRegistry(docker, { login: true });
    folder = await mkdtemp(join(tmpdir(), 'waybill-logins-'));
  });
  afterEach(cleanUp);
  afterAll(async () => {
    await registry.stop();
    await rm(folder, { recursive: true });
  });

  const credentialsOf = async (login: typeof REGISTRY_USER) => {
    const path = join(folder, 'credentials.json');
    await writeFile(path, JSON.stringify({ [SECRET]: login }), { mode: 0o600 });
    return fileRegistryCredentials(path);
  };

  test('with what repositoryCredentials name, and with no other', async () => {
    const image = { ...(await registry.push(registry.newName(), '1')), credentialsParameter: SECRET };
    const { reference } = image;
    await expect(runtimeOf().pull({ reference })).rejects.toMatchObject({
      name: 'CannotPullContainerError',
      detail: expect.stringContaining('no basic auth credentials'),
      retry: false,
    });
    const wrong = runtimeOf({ credentials: await credentialsOf({ ...REGISTRY_USER, password: 'wrong-password' }) });
    const refusal: unknown = await wrong
      .pull({ reference, credentialsParameter: SECRET })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'CannotPullContainerError', retry: false });
    expect(String(refusal)).not.toContain('wrong-password');
    const right = runtimeOf({ credentials: await credentialsOf(REGISTRY_USER) });
    expect(await right.pull({ reference, credentialsParameter: SECRET })).toBe(image.imageId);
  });

  test('a parameter that this host does not know', async () => {
    const image = await registry.push(registry.newName(), '1');
    const credentialsParameter = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:other-AbCdEf';
    for (const runtime of [runtimeOf(), runtimeOf({ credentials: await credentialsOf(REGISTRY_USER) })]) {
      await expect(runtime.pull({ ...image, credentialsParameter })).rejects.toMatchObject({
        name: 'ResourceInitializationError',
        detail: expect.stringMatching(
          /^unable to pull secrets or registry auth: this host has no registry credentials/,
        ),
        retry: false,
      });
    }
  });

  test("with the host's own login, for tasks that name none", async () => {
    const image = await registry.push(registry.newName(), '1');
    const path = join(folder, 'config.json');
    const auth = Buffer.from(Object.values(REGISTRY_USER).join(':')).toString('base64');
    await writeFile(path, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    expect(await runtimeOf({ logins: dockerConfigLogins(path) }).pull(image)).toBe(image.imageId);
  });
});
