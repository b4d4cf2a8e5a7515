import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#libs/testing';
import Docker from 'dockerode';

const DEMO_IMAGE = 'waybill/demo:1';

export interface PrivateEngine {
  readonly socketPath: string;
  readonly docker: Docker;
  stop(): Promise<void>;
}

/**
 * A second engine with a configuration of its own. It has namespaces of its own for network and mounts: the interfaces of the
 * machine and its engine stay untouched, and what it mounts is gone with it.
 *
 * @param dataMiB how much it can keep; absent: as much as the machine
 */
export async function startPrivateEngine(configuration: object, dataMiB?: number): Promise<PrivateEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-engine-'));
  const configFile = join(folder, 'daemon.json');
  await writeFile(configFile, JSON.stringify(configuration));
  const socketPath = join(folder, 'docker.sock');
  const places = ['data-root', 'exec-root', 'pidfile'].map((name) => `--${name}=${join(folder, name)}`);
  const switches = ['--bridge=none', '--iptables=false', '--ip6tables=false', `--config-file=${configFile}`];
  const dataRoot = join(folder, 'data-root');
  await mkdir(dataRoot);
  const limit = dataMiB === undefined ? '' : `mount -t tmpfs -o size=${dataMiB}m tmpfs ${dataRoot} && `;
  const engine = spawn(
    'unshare',
    [
      '--net',
      '--mount',
      'sh',
      '-c',
      `${limit}exec "$@"`,
      'sh',
      'dockerd',
      '-H',
      `unix://${socketPath}`,
      ...places,
      ...switches,
    ],
    {
      stdio: 'ignore',
    },
  );
  const ended = once(engine, 'exit');
  const docker = new Docker({ socketPath });
  await eventually(
    () => docker.ping().then(Boolean, () => engine.exitCode),
    (answer) => answer !== null,
  );
  await docker.loadImage(await new Docker().getImage(DEMO_IMAGE).get());
  return {
    socketPath,
    docker,
    stop: async () => {
      engine.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
