import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { ImageSpec } from '#libs/container-runtime';
import { FaultyRegistry, sayError } from '#libs/testing';
import type { Answer } from '#libs/testing';
import Docker from 'dockerode';
import { ImageStore } from './image-store.ts';
import { testImageOptions } from '../../spec/image-options.ts';
import type { ImageOptions } from './image-options.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const docker = new Docker();
const open: { close(): void }[] = [];
const names: string[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  for (const name of names.splice(0)) await docker.getImage(name).remove({ force: true }).catch(ignoreMissing);
});

function ignoreMissing(error: unknown): void {
  if (!String(error).includes('No such image')) throw error;
}

async function registryOf(layerSize?: number): Promise<FaultyRegistry> {
  const registry = new FaultyRegistry(randomBytes(100).toString('hex'), layerSize);
  await registry.listen();
  open.push(registry);
  return registry;
}

function nameIn(registry: FaultyRegistry): string {
  const name = `${registry.host}/waybill-test-${randomBytes(6).toString('hex')}:1`;
  names.push(name);
  return name;
}

function storeOf(options: Partial<ImageOptions> = {}): ImageStore {
  const store = new ImageStore(docker, testImageOptions(options));
  open.push(store);
  return store;
}

/** What a pull ends with. */
async function problemOf(image: ImageSpec, options: Partial<ImageOptions> = {}): Promise<unknown> {
  return await storeOf(options)
    .ensure(image)
    .then(
      () => 'no problem',
      (error: unknown) => error,
    );
}

describe('what a registry says is the reason', () => {
  test.each<[string, FaultyRegistry['answers'], string, boolean]>([
    [
      'a limit of its pulls',
      {
        manifest: (_request, response) => {
          response.setHeader('Retry-After', '2');
          sayError(response, 429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.');
        },
      },
      'toomanyrequests: You have reached your pull rate limit.',
      true,
    ],
    [
      'a failure of its own',
      { manifest: (_request, response) => response.writeHead(503).end('<html>busy</html>') },
      'received unexpected HTTP status: 503 Service Unavailable',
      true,
    ],
    [
      'no such image',
      { manifest: (_request, response) => sayError(response, 404, 'MANIFEST_UNKNOWN', 'gone') },
      'gone',
      false,
    ],
    [
      'no access',
      { manifest: (_request, response) => sayError(response, 403, 'DENIED', 'not yours') },
      'not yours',
      false,
    ],
    [
      'asking who it is, again and again',
      {
        version: (_request, response) => challenge(response),
        manifest: (_request, response) => challenge(response),
      },
      'no basic auth credentials',
      false,
    ],
    [
      'another layer than it promised',
      { layer: (_request, response) => response.end('else') },
      'verification failed',
      true,
    ],
    [
      'no such layer',
      { layer: (_request, response) => sayError(response, 404, 'BLOB_UNKNOWN', 'gone') },
      'unknown blob',
      false,
    ],
  ])('%s', async (_name, answers, text, retry) => {
    const registry = await registryOf();
    registry.answers = answers;
    expect(await problemOf({ reference: nameIn(registry) })).toMatchObject({
      name: 'CannotPullContainerError',
      detail: expect.stringMatching(/^Error response from daemon: /),
      message: expect.stringContaining(text),
      retry,
    });
  });

  test('a false size is found out by the digest alone: the engine takes what has the right one', async () => {
    const registry = await registryOf(1_000_000);
    expect(await storeOf().ensure({ reference: nameIn(registry) })).toMatch(/^sha256:/);
  });
});

function challenge(response: Parameters<typeof sayError>[0]): void {
  response.setHeader('WWW-Authenticate', 'Basic realm="test"');
  sayError(response, 401, 'UNAUTHORIZED', 'authentication required');
}

describe('a registry that says nothing', () => {
  /** Silent the first time, and as it should be afterwards. */
  const silentOnce = (): Answer => {
    let calls = 0;
    return (_request, response, next) => {
      calls += 1;
      if (calls > 1) next();
      else response.write('x');
    };
  };

  test.each<[string, FaultyRegistry['answers'], ImageOptions['limits'], string, boolean]>([
    [
      'when it is asked for an image',
      // Not even a header.
      { manifest: (_request, _response) => undefined },
      { totalMs: 30_000, inactivityMs: 500 },
      'no answer from the registry within 0.5s',
      true,
    ],
    [
      'in the middle of a layer',
      { layer: silentOnce() },
      { totalMs: 30_000, inactivityMs: 500 },
      'image pull shows no progress for 0.5s',
      true,
    ],
    [
      'for longer than a pull may take',
      { layer: silentOnce() },
      { totalMs: 500, inactivityMs: 30_000 },
      'image pull has not ended within 0.5s',
      false,
    ],
  ])('%s: the pull ends, and the engine starts the next one anew', async (_name, answers, limits, detail, retry) => {
    const registry = await registryOf();
    registry.answers = answers;
    const reference = nameIn(registry);
    const expected = { name: 'CannotPullContainerError', detail, retry };
    expect(await problemOf({ reference }, { limits })).toMatchObject(expected);
    if (answers.manifest !== undefined) registry.answers = {};
    expect(await storeOf().ensure({ reference })).toMatch(/^sha256:/);
  });
});

test('a layer that is cut off once is fetched again by the engine', async () => {
  const registry = await registryOf();
  let cuts = 0;
  registry.answers = {
    layer: (_request, response, next) => {
      cuts += 1;
      if (cuts > 1) return next();
      response.setHeader('Content-Length', 100_000);
      response.write('x', () => response.destroy());
    },
  };
  const imageId = await storeOf().ensure({ reference: nameIn(registry) });
  expect(imageId).toMatch(/^sha256:/);
  expect(cuts).toBeGreaterThan(1);
});
