import { describe, expect, test } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import { listedHealthOf, networkBindingsOf, observationOf } from './observation.ts';

const binding = (HostIp: string, HostPort: string) => ({ HostIp, HostPort });

describe('network bindings', () => {
  test.each([
    ['an IPv6 twin under another port', [binding('::', '33100'), binding('0.0.0.0', '33109')], [['0.0.0.0', 33109]]],
    ['an IPv6 twin under the same port', [binding('0.0.0.0', '80'), binding('::', '80')], [['0.0.0.0', 80]]],
    ['an engine that publishes on IPv6 alone', [binding('::', '80')], [['::', 80]]],
    [
      'two host ports for one container port',
      [binding('0.0.0.0', '81'), binding('0.0.0.0', '80')],
      [
        ['0.0.0.0', 80],
        ['0.0.0.0', 81],
      ],
    ],
    ['nothing published', null, []],
  ])('%s', (_name, published, expected) => {
    const ports = { '8080/tcp': published } as ContainerInspectInfo['NetworkSettings']['Ports'];
    expect(networkBindingsOf(ports).map(({ bindIP, hostPort }) => [bindIP, hostPort])).toEqual(expected);
  });
});

/** An inspection of a container with a health check whose probes ended with these exit codes. */
function inspected(status: string, health: string, probes: readonly number[], retries = 1): ContainerInspectInfo {
  return {
    Id: 'c',
    Config: { Healthcheck: { Retries: retries }, Labels: {} },
    HostConfig: { NetworkMode: 'bridge' },
    State: {
      Status: status,
      StartedAt: '2026-01-01T00:00:00Z',
      FinishedAt: '2026-01-01T00:01:00Z',
      ExitCode: 0,
      Error: '',
      Health: { Status: health, Log: probes.map((ExitCode) => ({ ExitCode })) },
    },
    NetworkSettings: { Ports: {} },
  } as unknown as ContainerInspectInfo;
}

describe('health', () => {
  test.each([
    ['runs, starting', inspected('running', 'starting', []), 'UNKNOWN'],
    ['runs, healthy', inspected('running', 'healthy', [0]), 'HEALTHY'],
    ['runs, unhealthy', inspected('running', 'unhealthy', [1]), 'UNHEALTHY'],
    ['ended before its first probe', inspected('exited', 'unhealthy', []), 'UNKNOWN'],
    ['ended while healthy', inspected('exited', 'unhealthy', [0, 0]), 'HEALTHY'],
    ['ended while healthy, its last probe cut off', inspected('exited', 'unhealthy', [0, -1]), 'HEALTHY'],
    ['ended with fewer failures than retries', inspected('exited', 'unhealthy', [0, 1], 3), 'HEALTHY'],
    ['ended while unhealthy', inspected('exited', 'unhealthy', [0, 1, 1, 1], 3), 'UNHEALTHY'],
  ])('%s', (_name, info, expected) => {
    expect(observationOf(info, undefined).healthStatus).toBe(expected);
  });
});

test.each([
  ['Up 5 minutes (healthy)', 'HEALTHY'],
  ['Up 5 minutes (unhealthy)', 'UNHEALTHY'],
  ['Up 1 second (health: starting)', 'UNKNOWN'],
  ['Up 5 minutes', undefined],
  ['Exited (0) 2 minutes ago', undefined],
  ['Created', undefined],
])('the list says %s', (status, expected) => {
  expect(listedHealthOf(status)).toBe(expected);
});
