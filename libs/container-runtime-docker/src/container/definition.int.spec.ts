import { describe, expect, jest, test } from '@jest/globals';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { dockerUnderTest } from '../../spec/docker-under-test.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const MIB = 2 ** 20;

/** Members of a container definition, as a container finds them. */
describe('a container is what its definition says', () => {
  const { docker, runtime, specOf, start, ended, run } = dockerUnderTest();

  /** Each line must succeed in the container. */
  async function holds(
    container: Partial<ContainerDefinition>,
    lines: readonly string[],
    task: Partial<TaskDefinition> = {},
  ): Promise<void> {
    // The number of the line that failed is the exit code.
    const script = lines.map((line, index) => `{ ${line}; } || exit ${index + 1}`).join('\n');
    const observation = await run(specOf({ ...container, command: ['sh', '-c', script] }, task));
    expect(lines[(observation?.exitCode ?? 0) - 1]).toBe(undefined);
    expect(observation).toMatchObject({ exitCode: 0 });
  }

  test('its kernel capabilities, devices and shared memory', async () => {
    await holds(
      {
        linuxParameters: {
          capabilities: { add: ['SYS_PTRACE'], drop: ['CHOWN'] },
          devices: [{ hostPath: '/dev/null', containerPath: '/dev/nothing', permissions: ['read'] }],
          sharedMemorySize: 8,
        },
      },
      [
        // CAP_SYS_PTRACE is bit 19, CAP_CHOWN bit 0.
        'caps=0x$(grep CapEff /proc/self/status | cut -f 2); test $(( caps >> 19 & 1 )) = 1 && test $(( caps & 1 )) = 0',
        'test -c /dev/nothing && cat /dev/nothing',
        'test $(df -Pk /dev/shm | tail -1 | awk "{print \\$2}") = 8192',
      ],
    );
  });

  test('privileged, or not even able to gain privileges', async () => {
    const spec = specOf({ command: ['true'], privileged: true });
    // Not every engine that tests run on has all rights itself.
    await runtime.create(spec);
    expect((await docker.getContainer(spec.runtimeName).inspect()).HostConfig.Privileged).toBe(true);
    await holds({ dockerSecurityOptions: ['no-new-privileges'] }, [
      'grep -q "NoNewPrivs:.1" /proc/self/status',
      'mkdir /m && ! mount -t tmpfs t /m',
    ]);
  });

  test('its names, name servers and kernel settings', async () => {
    await holds(
      {
        dnsServers: ['192.0.2.53'],
        dnsSearchDomains: ['shop.test'],
        systemControls: [{ namespace: 'net.core.somaxconn', value: '77' }],
      },
      [
        'grep -q "nameserver 192.0.2.53" /etc/resolv.conf',
        'grep -q "search shop.test" /etc/resolv.conf',
        'test $(cat /proc/sys/net/core/somaxconn) = 77',
      ],
    );
  });

  test('a terminal, an open standard input, or no network', async () => {
    await holds({ pseudoTerminal: true }, ['test -t 1']);
    const open = specOf({ interactive: true, command: ['sh', '-c', 'read line'] });
    expect(await start(open)).toMatchObject({ phase: 'RUNNING' });
    await holds({ disableNetworking: true }, ['test "$(ls /sys/class/net)" = lo']);
  });

  test('links and volumes of another container', async () => {
    const volumes = [{ name: 'v', host: {} }];
    const mountPoints = [{ sourceVolume: 'v', containerPath: '/data' }];
    const source = specOf({ mountPoints, command: ['sh', '-c', 'echo shared > /data/a; sleep 60'] }, { volumes });
    await start(source);
    const command = [
      'sh',
      '-c',
      'until grep -q shared /data/a; do sleep 0.1; done; grep -qw db /etc/hosts && ! touch /data/b',
    ];
    const reader = {
      ...specOf({ command }),
      links: [`${source.runtimeName}:db`],
      volumesFrom: [`${source.runtimeName}:ro`],
    };
    expect(await run(reader)).toMatchObject({ exitCode: 0 });
  });

  test('a stop time-out has no ceiling', async () => {
    const spec = specOf({ command: ['true'], stopTimeout: 100_000 });
    await runtime.create(spec);
    expect(await runtime.inspect(spec.runtimeName)).toMatchObject({ stopTimeoutSeconds: 100_000 });
  });

  test.each([
    ['no CPU and almost no memory', { cpu: 0, memory: 1 }, { CpuShares: 2, Memory: 6 * MIB }],
    [
      'much CPU, a soft limit',
      { cpu: 300_000, memoryReservation: 7 },
      { CpuShares: 262_144, MemoryReservation: 7 * MIB },
    ],
    [
      'swap besides memory',
      { memory: 16, linuxParameters: { maxSwap: 8, swappiness: 10 } },
      { Memory: 16 * MIB, MemorySwap: 24 * MIB, MemorySwappiness: 10 },
    ],
    [
      'swap, with the default swappiness of ECS',
      { memory: 16, linuxParameters: { maxSwap: 0 } },
      { Memory: 16 * MIB, MemorySwap: 16 * MIB, MemorySwappiness: 60 },
    ],
    ['a process that collects others', { linuxParameters: { initProcessEnabled: true } }, { Init: true }],
    [
      'an address of a host',
      { extraHosts: [{ hostname: 'a', ipAddress: '192.0.2.1' }] },
      { ExtraHosts: ['a:192.0.2.1'] },
    ],
  ])('%s', async (_name, container, expected) => {
    const spec = specOf({ command: ['true'], ...container });
    await runtime.create(spec);
    const { HostConfig } = await docker.getContainer(spec.runtimeName).inspect();
    expect(HostConfig).toMatchObject(expected);
  });

  test.each([
    ['json-file', { 'max-size': '1m' }],
    ['fluentd', { 'fluentd-address': '127.0.0.1:24224', 'fluentd-async': 'true', tag: 'a' }],
    ['gelf', { 'gelf-address': 'udp://127.0.0.1:12201' }],
    ['syslog', { 'syslog-address': 'udp://127.0.0.1:514', tag: 'a' }],
    ['journald', { tag: 'a' }],
    ['splunk', { 'splunk-token': 't', 'splunk-url': 'https://127.0.0.1:8088' }],
  ] as const)('its log driver %s, with its options', async (logDriver, options) => {
    const spec = specOf({ command: ['true'], logConfiguration: { logDriver, options } });
    await runtime.create(spec);
    const { HostConfig } = await docker.getContainer(spec.runtimeName).inspect();
    expect(HostConfig.LogConfig).toEqual({ Type: logDriver, Config: options });
  });

  test('an option that the driver does not know is refused by the engine, by name', async () => {
    const logConfiguration = { logDriver: 'json-file' as const, options: { 'no-such-option': '1' } };
    await expect(runtime.create(specOf({ command: ['true'], logConfiguration }))).rejects.toMatchObject({
      name: 'CannotCreateContainerError',
      detail: expect.stringContaining('no-such-option'),
    });
  });

  test('a container that is started again shows its ports again', async () => {
    const spec = specOf({
      command: ['sh', '-c', 'test -e /again && sleep 60; touch /again'],
      portMappings: [{ containerPort: 8080 }],
    });
    const binding = { bindIP: '0.0.0.0', containerPort: 8080, hostPort: expect.any(Number), protocol: 'tcp' };
    const { runtimeId } = await runtime.create(spec);
    await runtime.start(runtimeId);
    expect(await ended(runtimeId)).toMatchObject({ exitCode: 0 });
    expect(await runtime.restart(runtimeId)).toMatchObject({
      runtimeId,
      phase: 'RUNNING',
      networkBindings: [binding],
    });
  });
});
