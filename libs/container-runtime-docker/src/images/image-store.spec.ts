import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { withTag } from './image-reference.ts';
import { ImageStore } from './image-store.ts';

/** A daemon's image API with a registry behind it that says what the spec wants. */
class ImageApi {
  readonly #server: Server;
  readonly present = new Set<string>();
  readonly pulled: string[] = [];
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
      const image = decodeURIComponent(url.pathname.slice('/images/'.length, -'/json'.length));
      if (this.present.has(withTag(image)))
        return response.end(JSON.stringify({ Id: 'sha256:1', RepoDigests: ['a@sha256:2'] }));
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
  let images: ImageStore;
  beforeEach(async () => {
    api = new ImageApi();
    images = new ImageStore(await api.listen());
  });
  afterEach(() => api.close());

  test('what is there is not pulled', async () => {
    api.present.add('app:1');
    await images.ensure({ reference: 'app:1' });
    expect(api.pulled).toEqual([]);
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
});
