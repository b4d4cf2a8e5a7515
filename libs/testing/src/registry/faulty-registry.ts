import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { tinyTar } from './tiny-tar.ts';

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json';
const LAYER_TYPE = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

/** A response to one request of an engine. `next` is what a registry in good order does. */
export type Answer = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly bytes: Buffer;
  readonly type: string;
}

export interface FaultyRegistryAnswers {
  /** Of the request for the protocol's version, which an engine makes first. */
  readonly version?: Answer;
  readonly manifest?: Answer;
  readonly layer?: Answer;
}

/**
 * A registry with one image, of one layer, under every name and tag, and with whatever fault a spec gives it. It speaks
 * the part of the registry protocol that a pull needs.
 */
export class FaultyRegistry {
  readonly #server: Server;
  readonly #blobs: ReadonlyMap<string, Blob>;
  /** The manifest's digest, which an engine shows as the image's. */
  readonly digest: string;
  /** What the engine has asked for, `GET /v2/…`, in order. */
  readonly requests: string[] = [];
  answers: FaultyRegistryAnswers = {};
  host = '';

  /** @param layerSize what the manifest says of the layer, when that is not the truth; bytes */
  constructor(content: string, layerSize?: number) {
    const tar = tinyTar('content', content);
    const layer = blobOf(gzipSync(tar), LAYER_TYPE);
    const config = blobOf(configOf(sha256(tar)), CONFIG_TYPE);
    const manifest = blobOf(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST_TYPE,
        config: descriptorOf(config),
        layers: [{ ...descriptorOf(layer), size: layerSize ?? layer.size }],
      }),
      MANIFEST_TYPE,
    );
    this.digest = manifest.digest;
    this.#blobs = new Map([layer, config, manifest].map((blob) => [blob.digest, blob]));
    this.#server = createServer((request, response) => this.#answer(request, response, { layer, manifest }));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a server on a port');
    this.host = `127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse, { layer, manifest }: Record<'layer' | 'manifest', Blob>) {
    this.requests.push(`${request.method} ${request.url}`);
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    const [, kind, name = ''] = /^\/v2\/.+\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const blob = kind === 'manifests' && !name.startsWith('sha256:') ? manifest : this.#blobs.get(name);
    const next = (): void => {
      if (kind === undefined) response.end('{}');
      else if (blob === undefined) sayError(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
      else send(request, response, blob);
    };
    const answer =
      kind === undefined
        ? this.answers.version
        : kind === 'manifests'
          ? this.answers.manifest
          : name === layer.digest
            ? this.answers.layer
            : undefined;
    if (answer === undefined) next();
    else answer(request, response, next);
  }
}

/** An error as the registry protocol has it. */
export function sayError(response: ServerResponse, status: number, code: string, message: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}

function send(request: IncomingMessage, response: ServerResponse, { bytes, digest, type }: Blob): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes.length);
  response.setHeader('Docker-Content-Digest', digest);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function blobOf(content: Buffer | string, type: string): Blob {
  const bytes = Buffer.from(content);
  return { digest: sha256(bytes), size: bytes.length, bytes, type };
}

const descriptorOf = ({ digest, size, type }: Blob): object => ({ mediaType: type, size, digest });

function configOf(diffId: string): string {
  return JSON.stringify({
    architecture: { x64: 'amd64' }[process.arch as string] ?? process.arch,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [diffId] },
  });
}
