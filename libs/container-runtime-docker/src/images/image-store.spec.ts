import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { testImageOptions } from '../../spec/image-options.ts';
import type { Noted } from '../../spec/image-options.ts';
import type { ImageOptions } from './image-options.ts';
import { withTag } from './image-reference.ts';
import { ImageStore } from './image-store.ts';

/** A daemon's image API with a registry behind it that says what the spec wants. */
class ImageApi {
  readonly #server: Server;
  readonly present = new Set<string>();
  readonly pulled: string[] = [];
  readonly removed: string[] = [];
  readonly looks: string[] = [];
  onPull: (image: string, response: ServerResponse) => void = (image, response) => {
    this.present.add(image);
    response.end('{"status":"Pulling"}\n{"status":"Downloaded"}\n');
  };

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://daemon');
      request.resume();
      if (request.method === 'POST') {
        const image = url.searchParams.get('fromImage') ?? '';
        this.pulled.push(image);
        return this.onPull(image, response);
      }
      if (url.pathname === '/containers/json') return response.end('[]');
      if (request.method === 'DELETE') {
        this.removed.push(decodeURIComponent(url.pathname.slice('/images/'.length)));
        return response.end('[]');
      }
      const image = decodeURIComponent(url.pathname.slice('/images/'.length, -'/json'.length));
      this.looks.push(image);
      if (this.present.has(withTag(image)))
        return response.end(JSON.stringify({ Id: 'sha256:1', RepoTags: ['old:1'], RepoDigests: ['a@sha256:2'] }));
      response.statusCode = 404;
      response.end(JSON.stringify({ message: `No such image: ${image}` }));
    });
  }

  async listen(): Promise<Docker> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new Docker({ host: '127.0.0.1', port: address.port, protocol: 'http' });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('the images of a host', () => {
  let api: ImageApi;
  let docker: Docker;
  let images: ImageStore;
  beforeEach(async () => {
    api = new ImageApi();
    docker = await api.listen();
    images = new ImageStore(docker);
  });
  afterEach(() => api.close());

  test('what is there is not pulled', async () => {
    api.present.add('app:1');
    await images.ensure({ reference: 'app:1' });
    expect(api.pulled).toEqual([]);
  });

  test('what is there is looked at once, for all who ask at the same time', async () => {
    api.present.add('app:1');
    await Promise.all([images.ensure({ reference: 'app:1' }), images.ensure({ reference: 'app:1' })]);
    expect(api.looks).toEqual(['app:1']);
    await images.ensure({ reference: 'app:1' });
    expect(api.looks).toEqual(['app:1', 'app:1']);
  });

  test('what is not is pulled once, for all who ask, and one tag of it', async () => {
    await Promise.all([images.ensure({ reference: 'app' }), images.ensure({ reference: 'app' })]);
    expect(api.pulled).toEqual(['app:latest']);
    expect(await images.digestOf('app', 'app')).toBe('sha256:2');
  });

  test.each([
    [404, 'manifest for app:1 not found: manifest unknown', false],
    [404, "pull access denied for app, repository does not exist or may require 'docker login'", false],
    [500, 'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host', true],
    [500, 'toomanyrequests: You have reached your pull rate limit', true],
  ])('a refusal with %i %s', async (status, message, retry) => {
    api.onPull = (_image, response) => {
      response.statusCode = status;
      response.end(JSON.stringify({ message }));
    };
    const detail = `Error response from daemon: ${message}`;
    await expect(images.ensure({ reference: 'app:1' })).rejects.toMatchObject({
      name: 'CannotPullContainerError',
      detail,
      retry,
    });
  });

  test('a failure in the middle of the progress', async () => {
    const error = 'no matching manifest for linux/arm64 in the manifest list entries';
    api.onPull = (_image, response) => response.end(`{"status":"Pulling"}\n${JSON.stringify({ error })}\n`);
    const detail = `Error response from daemon: ${error}`;
    await expect(images.ensure({ reference: 'app:1' })).rejects.toMatchObject({ detail, retry: false });
  });

  test('a daemon that dies in the middle of a pull', async () => {
    api.onPull = (_image, response) => {
      response.write('{"status":"Pulling"}\n{"sta', () => response.destroy());
    };
    await expect(images.ensure({ reference: 'app:1' })).rejects.toMatchObject({
      name: 'CannotPullContainerError',
      retry: true,
    });
  });

  test.each([
    ['before the answer', { totalMs: 60_000, inactivityMs: 50 }, () => undefined],
    [
      'in the middle of it',
      { totalMs: 60_000, inactivityMs: 50 },
      (response: ServerResponse) => void response.write('{"status":"Pulling"}\n'),
    ],
    [
      'as a whole',
      { totalMs: 50, inactivityMs: 60_000 },
      (response: ServerResponse) => void response.write('{"status":"Pulling"}\n'),
    ],
  ])('a pull that takes too long %s is cut off at the daemon', async (_name, limits, begin) => {
    const store = new ImageStore(docker, testImageOptions({ limits }));
    const cut = new Promise((resolve) => {
      api.onPull = (_image, response) => {
        response.on('close', resolve);
        begin(response);
      };
    });
    await expect(store.ensure({ reference: 'app:1' })).rejects.toMatchObject({ name: 'CannotPullContainerError' });
    await cut;
    store.close();
  });

  test('a layer that waits for its turn is not a pull that has stopped', async () => {
    const store = new ImageStore(docker, testImageOptions({ limits: { totalMs: 60_000, inactivityMs: 300 } }));
    const ended = new Promise<ServerResponse>((resolve) => {
      api.onPull = (image, response) => {
        if (image === 'waits:1') {
          response.write('{"status":"Waiting","id":"layer"}\n');
          return resolve(response);
        }
        // Another pull makes progress until the one that waits has been quiet for much longer than it may be.
        let lines = 0;
        const timer = setInterval(() => {
          lines += 1;
          response.write('{"status":"Downloading","id":"other"}\n');
          if (lines < 12) return;
          clearInterval(timer);
          api.present.add(image);
          response.end();
        }, 50);
      };
    });
    const waits = store.ensure({ reference: 'waits:1' });
    const response = await ended;
    await store.ensure({ reference: 'busy:1' });
    api.present.add('waits:1');
    response.end('{"status":"Pull complete","id":"layer"}\n');
    expect(await waits).toBe('sha256:1');
    store.close();
  });

  test('a registry that could not be reached is not asked again at once about what is there', async () => {
    const noted: Noted[] = [];
    const store = new ImageStore(docker, testImageOptions({}, noted));
    api.present.add('registry.example/app:1');
    api.onPull = (_image, response) => {
      response.statusCode = 500;
      response.end(JSON.stringify({ message: 'dial tcp: lookup registry.example: no such host' }));
    };
    const start = (): Promise<string> => store.ensure({ reference: 'registry.example/app:1' });
    expect([await start(), await start(), await start()]).toEqual(['sha256:1', 'sha256:1', 'sha256:1']);
    expect(api.pulled).toEqual(['registry.example/app:1']);
    expect(noted).toMatchObject([{ level: 'warn', facts: { image: 'registry.example/app:1' } }]);
    // What is not there has no other way.
    await expect(store.ensure({ reference: 'registry.example/app:2' })).rejects.toMatchObject({ retry: true });
    expect(api.pulled).toHaveLength(2);
  });

  test('who has another login has a pull of their own, after the one that runs', async () => {
    const credentials = {
      of: (parameter: string) => Promise.resolve({ username: parameter, password: `${parameter}-password` }),
    };
    const store = new ImageStore(docker, testImageOptions({ credentials, behavior: 'always' }));
    let running = 0;
    let runningMax = 0;
    api.onPull = (image, response) => {
      running += 1;
      runningMax = Math.max(runningMax, running);
      setImmediate(() => {
        running -= 1;
        api.present.add(image);
        response.end('{"status":"Downloaded"}\n');
      });
    };
    const pull = (credentialsParameter: string): Promise<string> =>
      store.ensure({ reference: 'app:1', credentialsParameter });
    await Promise.all([pull('a'), pull('a'), pull('b'), pull('b')]);
    expect(api.pulled).toHaveLength(2);
    expect(runningMax).toBe(1);
  });

  test('a password that a registry repeats is in no reason', async () => {
    const login = { username: 'u', password: 'open-sesame' };
    const store = new ImageStore(docker, testImageOptions({ credentials: { of: () => Promise.resolve(login) } }));
    const basic = Buffer.from('u:open-sesame').toString('base64');
    api.onPull = (_image, response) => {
      response.statusCode = 500;
      response.end(JSON.stringify({ message: `denied: Basic ${basic} open-sesame` }));
    };
    await expect(store.ensure({ reference: 'app:1', credentialsParameter: 's' })).rejects.toMatchObject({
      detail: 'Error response from daemon: denied: Basic *** ***',
    });
  });

  describe('on a full disk', () => {
    const cleanup = { intervalMs: 1, minimumAgeMs: 0, imagesPerCycleMax: 5, excluded: [] };
    const ledgerWith = (...ids: readonly string[]): ImageOptions['ledger'] => ({
      read: () =>
        Promise.resolve(
          JSON.stringify({ version: 1, images: ids.map((id) => ({ id, references: ['old:1'], lastUsedAt: 0 })) }),
        ),
      write: () => Promise.resolve(),
    });

    test.each<[string, Partial<ImageOptions>, boolean, readonly string[]]>([
      [
        'what was removed makes room for another attempt',
        { cleanup, ledger: ledgerWith('sha256:old') },
        true,
        ['old:1'],
      ],
      ['nothing can be removed', { cleanup, ledger: ledgerWith() }, false, []],
      ['nothing may be removed', { ledger: ledgerWith('sha256:old') }, false, []],
    ])('%s', async (_name, options, retry, removed) => {
      const store = new ImageStore(docker, testImageOptions(options));
      api.present.add('sha256:old');
      api.onPull = (_image, response) => response.end('{"error":"write /layer/file: no space left on device"}\n');
      await expect(store.ensure({ reference: 'app:1' })).rejects.toMatchObject({
        name: 'CannotPullContainerError',
        detail: 'Error response from daemon: write /layer/file: no space left on device',
        retry,
      });
      expect(api.removed).toEqual(removed);
      store.close();
    });
  });
});
