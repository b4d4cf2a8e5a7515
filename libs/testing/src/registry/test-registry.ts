import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { tinyTar } from './tiny-tar.ts';

/** The one user of a registry that asks for a login. */
export const REGISTRY_USER = { username: 'puller', password: 'open-sesame' };
/** That user for the registry: a password file knows only bcrypt. */
const PASSWORD_FILE = 'puller:$2y$04$ZHFuyp6YxfRsdy3WLqtYZ.mUnymxhsfFpsraP1tyhMV9mXocXtCk2\n';

export interface PushedImage {
  /** `127.0.0.1:<port>/<name>:<tag>` */
  readonly reference: string;
  readonly imageId: string;
  /** Of the manifest. */
  readonly manifestDigest: string;
}

/** A registry in a temporary folder, on a free port of the loopback interface. */
export interface TestRegistry {
  readonly host: string;
  /** A name in it that no other run uses. */
  newName(): string;
  /** Makes a tiny image that nobody else has, pushes it, and takes it off the engine again. */
  push(name: string, tag: string): Promise<PushedImage>;
  /** Forgets an image. */
  forget(image: PushedImage): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the registry (CNCF Distribution) that WAYBILL_TEST_REGISTRY names, else `docker-registry` in PATH.
 * @param login whether it asks for REGISTRY_USER's password
 */
export async function testRegistry(docker: Docker, { login }: { readonly login: boolean }): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-registry-'));
  await writeFile(join(folder, 'users'), PASSWORD_FILE);
  const config = {
    version: '0.1',
    log: { accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0' },
    ...(login ? { auth: { htpasswd: { realm: 'test', path: join(folder, 'users') } } } : {}),
  };
  // JSON is YAML.
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const server = spawn(
    process.env['WAYBILL_TEST_REGISTRY'] || 'docker-registry',
    ['serve', join(folder, 'config.yml')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const host = await listening(server.stderr);
  const authconfig = { ...REGISTRY_USER, serveraddress: host };
  const headers = {
    Authorization: `Basic ${Buffer.from(Object.values(REGISTRY_USER).join(':')).toString('base64')}`,
  };
  return {
    host,
    newName: () => `waybill-test-${randomBytes(6).toString('hex')}`,
    async push(name, tag) {
      const repo = `${host}/${name}`;
      const content = Readable.from([tinyTar('content', randomBytes(16).toString('hex'))]);
      await ended(docker, await docker.importImage(content, { fromSrc: '-', repo, tag }));
      const image = docker.getImage(`${repo}:${tag}`);
      await ended(docker, await image.push({ authconfig }));
      const { Id, RepoDigests } = await image.inspect();
      const digest = RepoDigests[0]?.split('@')[1];
      if (digest === undefined) throw new Error('a pushed image has a digest');
      await image.remove();
      return { reference: `${repo}:${tag}`, imageId: Id, manifestDigest: digest };
    },
    async forget({ reference, manifestDigest }) {
      const name = reference.slice(host.length + 1).split(':')[0];
      const answer = await fetch(`http://${host}/v2/${name}/manifests/${manifestDigest}`, {
        method: 'DELETE',
        headers,
      });
      if (!answer.ok) throw new Error(`the registry answers ${answer.status}`);
    },
    async stop() {
      const exited = once(server, 'exit');
      server.kill();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

/** The address that the registry says it listens on. */
function listening(log: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    log.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    log.on('close', () => reject(new Error(`the registry did not start: ${text}`)));
  });
}

/** A push that fails says so in the middle of its progress. */
function ended(docker: Docker, progress: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
  });
}
