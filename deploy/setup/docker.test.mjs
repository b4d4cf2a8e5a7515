// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureDocker } from './docker.mjs';
import { recordingContext } from './testing.mjs';

/**
 * A machine as root on Debian without anything; the overrides say what else it is.
 *
 * @param {Partial<import('./docker.mjs').Probe> & { programs?: string[], answers?: Record<string, string> }} machine
 */
function machineOf({ programs = ['apt-get'], answers = {}, ...overrides } = {}) {
  /** @type {string[]} */
  const done = [];
  let running = false;
  /** @type {import('./docker.mjs').Probe} */
  const probe = {
    ping: async (dockerHost) =>
      running || answers[dockerHost] === 'ok'
        ? { reachable: true }
        : { reachable: false, code: answers[dockerHost] ?? 'ENOENT' },
    findProgram: (name) => (programs.includes(name) ? `/usr/sbin/${name}` : undefined),
    canInstall: () => true,
    isRoot: () => true,
    hasSystemd: () => false,
    isEngineProcessAlive: () => false,
    install: async (packages) => void done.push(`install ${packages.join(' ')}`),
    startBySystemd: async () => {
      done.push('systemctl');
      running = true;
    },
    spawnEngine: async () => {
      done.push('spawn');
      running = true;
      return undefined;
    },
    ...overrides,
  };
  return { probe, done };
}
const LOCAL = 'unix:///var/run/docker.sock';

describe('a Docker engine', () => {
  test('that answers is taken as it is', async () => {
    const { probe, done } = machineOf({ answers: { [LOCAL]: 'ok' } });
    assert.deepEqual(await ensureDocker(recordingContext(), probe), { dockerHost: LOCAL });
    assert.deepEqual(done, []);
  });

  test('that DOCKER_HOST names is the only one considered', async () => {
    const { probe, done } = machineOf({ answers: { [LOCAL]: 'ok', 'tcp://far:2375': 'ok' } });
    const named = recordingContext({ DOCKER_HOST: 'tcp://far:2375' });
    assert.deepEqual(await ensureDocker(named, probe), { dockerHost: 'tcp://far:2375' });
    const wrong = recordingContext({ DOCKER_HOST: 'tcp://gone:2375' });
    await assert.rejects(ensureDocker(wrong, probe), /DOCKER_HOST=tcp:\/\/gone:2375 \(ENOENT\)/);
    assert.deepEqual(done, []);
  });

  test('that refuses us is not doubled', async () => {
    const { probe } = machineOf({ answers: { [LOCAL]: 'EACCES' } });
    await assert.rejects(ensureDocker(recordingContext(), probe), /group docker/);
  });

  test('is installed and started where it is missing; the docker command alone does not count', async () => {
    const { probe, done } = machineOf({ programs: ['apt-get', 'docker'] });
    assert.deepEqual(await ensureDocker(recordingContext(), probe), { dockerHost: LOCAL });
    assert.deepEqual(done, ['install docker.io iptables', 'spawn']);
  });

  test('is started only where it is installed: by systemd if that runs, and not twice', async () => {
    const programs = ['dockerd', 'iptables'];
    const plain = machineOf({ programs });
    await ensureDocker(recordingContext(), plain.probe);
    assert.deepEqual(plain.done, ['spawn']);
    const systemd = machineOf({ programs, hasSystemd: () => true });
    await ensureDocker(recordingContext(), systemd.probe);
    assert.deepEqual(systemd.done, ['systemctl']);
    let pings = 0;
    const starting = machineOf({
      programs,
      isEngineProcessAlive: () => true,
      ping: async () => (++pings > 2 ? { reachable: true } : { reachable: false, code: 'ECONNREFUSED' }),
    });
    await ensureDocker(recordingContext(), starting.probe);
    assert.deepEqual(starting.done, []);
  });

  test('that we may not install or start is asked for in one line', async () => {
    const user = { isRoot: () => false, canInstall: () => false };
    const cases = /** @type {const} */ ([
      [['apt-get'], /as root, apt-get install docker\.io iptables/],
      [[], /install Docker Engine for this system/],
      [['dockerd', 'iptables'], /not running: start it as root/],
    ]);
    for (const [programs, message] of cases) {
      const { probe } = machineOf({ programs: [...programs], ...user });
      await assert.rejects(ensureDocker(recordingContext(), probe), message);
    }
  });
});
