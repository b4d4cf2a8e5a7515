import { describe, expect, test } from '@jest/globals';
import type { EngineFacts } from '#libs/container-runtime-docker';
import { examineHost, warningsOf } from './checks.ts';
import type { CheckReport } from './checks.ts';
import { doctorText } from './doctor.command.ts';
import type { HostProbe } from './host-check.ts';

const GIB = 1024 ** 3;
const ENGINE: EngineFacts = {
  version: '26.1.5',
  apiVersion: '1.45',
  osType: 'linux',
  isLocal: true,
  cgroupVersion: '2',
  cgroupDriver: 'systemd',
  hasGvisor: true,
};

/** A host that lacks nothing, but for what is given. */
function probe(members: Partial<HostProbe> = {}): HostProbe {
  return {
    env: {},
    home: '/srv/waybill',
    isRoot: true,
    mayConfigureNetwork: true,
    engine: ENGINE,
    findProgram: (name) => Promise.resolve(`/usr/sbin/${name}`),
    readText: () => Promise.resolve('1\n'),
    modeOf: () => Promise.resolve(0o600),
    engineDisk: () => Promise.resolve({ dataRoot: '/var/lib/docker', freeBytes: 100 * GIB, totalBytes: 200 * GIB }),
    nftablesObstacle: () => Promise.resolve(undefined),
    bridgeObstacle: () => Promise.resolve(undefined),
    launchVolumesObstacle: () => Promise.resolve(undefined),
    registryCredentialsObstacle: () => Promise.resolve(undefined),
    freeBytes: () => Promise.resolve(100 * GIB),
    addresses: ['127.0.0.1'],
    isPortTaken: () => Promise.resolve(false),
    clockAheadMs: () => Promise.resolve(3),
    ...members,
  };
}

const obstacle = () => Promise.resolve('why not');

async function report(check: string, members: Partial<HostProbe>): Promise<CheckReport | undefined> {
  return (await examineHost(probe(members))).find((one) => one.check === check);
}

describe('what a host lacks', () => {
  test('nothing', async () => {
    const reports = await examineHost(probe());
    expect(reports.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(warningsOf(reports)).toEqual([]);
    expect(doctorText(reports)).toMatch(/nothing is missing$/);
  });

  test.each<[string, Partial<HostProbe>, string, RegExp]>([
    ['container engine', { engine: { problem: 'connect ENOENT /var/run/docker.sock' } }, 'fatal', /install docker.io/],
    ['container engine', { engine: { ...ENGINE, apiVersion: '1.40' } }, 'fatal', /20\.10/],
    ['Linux containers', { engine: { ...ENGINE, osType: 'windows' } }, 'fatal', /Linux/],
    [
      'gVisor',
      { engine: { ...ENGINE, hasGvisor: false }, env: { WAYBILL_ISOLATION: 'gvisor' } },
      'fatal',
      /package runsc/,
    ],
    ['engine on this machine', { engine: { ...ENGINE, isLocal: false } }, 'missing', /beside its engine/],
    ['control groups', { engine: { ...ENGINE, cgroupDriver: 'none' } }, 'missing', /cgroupdriver/],
    ['control groups', { isRoot: false }, 'missing', /as root/],
    ['rights', { isRoot: false }, 'missing', /as root/],
    ['clock', { clockAheadMs: () => Promise.resolve(-5_000) }, 'missing', /time service/],
    ['iptables', { findProgram: () => Promise.resolve(null) }, 'missing', /apt-get install iptables/],
    ['nftables', { nftablesObstacle: obstacle }, 'missing', /apt-get install nftables; .*CAP_NET_ADMIN/],
    ['br_netfilter', { bridgeObstacle: obstacle }, 'missing', /modprobe br_netfilter.*bridge-nf-call-iptables=1/],
    ['IP forwarding', { readText: () => Promise.resolve('0\n') }, 'missing', /ip_forward=1/],
    ['metadata address', { mayConfigureNetwork: false }, 'missing', /as root/],
    ['metadata port', { isPortTaken: () => Promise.resolve(true) }, 'missing', /51679/],
    [
      'disk of the engine',
      { engineDisk: () => Promise.resolve({ dataRoot: '/var/lib/docker', freeBytes: GIB, totalBytes: 200 * GIB }) },
      'missing',
      /make room/,
    ],
    ['disk of the data folder', { freeBytes: () => Promise.resolve(0) }, 'missing', /make room/],
    ['file systems', { launchVolumesObstacle: obstacle }, 'missing', /xfsprogs; modprobe loop/],
    [
      'registry credentials',
      { env: { WAYBILL_REGISTRY_CREDENTIALS: '/etc/r.json' }, registryCredentialsObstacle: obstacle },
      'fatal',
      /chmod 600/,
    ],
    [
      'logins of registries',
      { env: { WAYBILL_DOCKER_CONFIG: '/etc/c.json' }, modeOf: () => Promise.resolve(0o644) },
      'missing',
      /chmod 600/,
    ],
    [
      'logins of registries',
      { env: { WAYBILL_DOCKER_CONFIG: '/etc/c.json' }, modeOf: () => Promise.resolve(null) },
      'missing',
      /make it/,
    ],
  ])('%s', async (check, members, state, remedy) => {
    const found = await report(check, members);
    expect(found).toMatchObject({ state, remedy: expect.stringMatching(remedy), needs: expect.any(String) });
  });

  test.each<[string, Partial<HostProbe>]>([
    ['gVisor', { engine: { ...ENGINE, hasGvisor: false } }],
    ['clock', { clockAheadMs: () => Promise.resolve('compared once this machine has joined') }],
    ['Linux containers', { engine: { problem: 'away' } }],
    ['disk of the engine', { engineDisk: () => Promise.resolve(null) }],
  ])('%s: not known is not missing', async (check, members) => {
    expect(await report(check, members)).toMatchObject({ state: 'unknown' });
  });

  test('an agent that has the metadata port already is no trouble', async () => {
    const members = { addresses: ['169.254.170.2'], isPortTaken: () => Promise.resolve(true) };
    expect(await report('metadata port', members)).toMatchObject({ state: 'ok' });
  });

  test('says what stops working and what to do', async () => {
    const text = doctorText(await examineHost(probe({ findProgram: () => Promise.resolve(null) })));
    expect(text).toMatch(/^iptables +missing +no iptables$/m);
    expect(text).toContain('iptables: needed for published ports: the engine uses it\n  apt-get install iptables');
  });
});
