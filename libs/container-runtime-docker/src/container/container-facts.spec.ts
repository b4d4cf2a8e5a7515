import { describe, expect, test } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import { containerFactsOf, runningStatsOf } from './container-facts.ts';

const NEVER = '0001-01-01T00:00:00Z';

/** The part of an inspection that the facts follow from. */
const inspection = (members: object = {}, state: object = {}): ContainerInspectInfo =>
  ({
    Id: 'c'.repeat(64),
    Name: '/ecs-web-1-app-0',
    Image: 'sha256:1',
    Created: '2026-01-02T03:04:05.678901234Z',
    State: { Running: true, Pid: 42, StartedAt: '2026-01-02T03:04:06.5Z', FinishedAt: NEVER, ...state },
    Config: { Image: 'web:1', Labels: { team: 'blue' } },
    HostConfig: { LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } }, Dns: ['10.0.0.2'], DnsSearch: null },
    NetworkSettings: {
      Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '32768' }] },
      Networks: {
        bridge: { IPAddress: '172.18.77.3', IPPrefixLen: 20, Gateway: '172.18.64.1', MacAddress: '02:42:ac:12:4d:03' },
      },
    },
    Mounts: [
      { Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', Destination: '/data' },
      { Type: 'bind', Source: '/srv', Destination: '/srv' },
    ],
    ...members,
  }) as unknown as ContainerInspectInfo;

describe('the facts of a Docker container', () => {
  test('of one that runs', () => {
    expect(containerFactsOf(inspection({ SizeRw: 1234 }))).toEqual({
      runtimeId: 'c'.repeat(64),
      runtimeName: 'ecs-web-1-app-0',
      image: 'web:1',
      imageId: 'sha256:1',
      labels: { team: 'blue' },
      createdAt: '2026-01-02T03:04:05.678901234Z',
      startedAt: '2026-01-02T03:04:06.5Z',
      pid: 42,
      networks: [
        {
          name: 'bridge',
          ipv4Address: '172.18.77.3',
          ipv4Subnet: '172.18.64.0/20',
          ipv4Gateway: '172.18.64.1',
          macAddress: '02:42:ac:12:4d:03',
        },
      ],
      networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' }],
      dnsServers: ['10.0.0.2'],
      dnsSearchDomains: [],
      volumes: [
        { name: 'data', source: '/var/lib/docker/volumes/data/_data', destination: '/data' },
        { source: '/srv', destination: '/srv' },
      ],
      logDriver: 'json-file',
      logOptions: { 'max-size': '1m' },
      writtenBytes: 1234,
    });
  });

  test('of one that was never started, and of one that was started again: moments that have not come are absent', () => {
    const created = containerFactsOf(inspection({}, { Running: false, Pid: 0, StartedAt: NEVER }));
    for (const member of ['startedAt', 'finishedAt', 'pid']) expect(created).not.toHaveProperty(member);
    const again = containerFactsOf(inspection({}, { FinishedAt: '2026-01-02T03:00:00Z' }));
    expect(again).not.toHaveProperty('finishedAt');
  });

  test('on the host’s network it has no address of its own', () => {
    const host = { IPAddress: '', IPPrefixLen: 0, Gateway: '', GlobalIPv6Address: '', MacAddress: '' };
    expect(containerFactsOf(inspection({ NetworkSettings: { Ports: {}, Networks: { host } } })).networks).toEqual([
      { name: 'host' },
    ]);
  });

  test('the last probe of its health check', () => {
    const probe = { Start: '2026-01-02T03:05:00Z', End: '2026-01-02T03:05:01Z', ExitCode: 1, Output: 'refused' };
    const Log = [{ ...probe, ExitCode: 0, Output: 'ok' }, probe];
    expect(containerFactsOf(inspection({}, { Health: { Status: 'starting', Log } })).lastProbe).toEqual({
      exitCode: 1,
      output: 'refused',
    });
  });
});

test('statistics of a container that does not run are none', () => {
  expect(runningStatsOf({ read: NEVER, cpu_stats: {} })).toBeNull();
  expect(runningStatsOf({ read: '2026-01-02T03:04:05Z', cpu_stats: {} })).toEqual({
    read: '2026-01-02T03:04:05Z',
    cpu_stats: {},
  });
});
