import { describe, expect, test } from '@jest/globals';
import { containerOf, definitionOf, factsOf, knownContainer, sourceOf } from '../spec/sources.ts';
import { expectGolden } from '../spec/golden.ts';
import { containerDocument } from './container-document.ts';
import { taskDocument } from './task-document.ts';

const PAUSE = '~internal~ecs~pause';

/** A service's task on a host of one's own: published ports, a volume, health, an override, a container that comes later. */
const bridge = sourceOf({
  definition: definitionOf(
    'bridge',
    containerOf('app', { memory: 256, portMappings: [{ containerPort: 80 }], restartPolicy: { enabled: true } }),
    containerOf('side', { essential: false }),
    containerOf('late'),
  ),
  wanted: {
    containerOverrides: [{ name: 'app', memory: 512 }],
    tags: [{ key: 'team', value: 'blue' }, { key: 'flag' }],
  },
  known: {
    containers: [
      knownContainer('app', {
        healthStatus: 'HEALTHY',
        restartCount: 2,
      }),
      knownContainer('side', { phase: 'STOPPED', exitCode: 7 }),
      knownContainer('late', { phase: 'NONE', runtimeId: null, startedAt: null }),
    ],
  },
  facts: [
    [
      'app',
      factsOf('app', {
        networks: [{ name: 'bridge', ipv4Address: '172.17.0.2', ipv4Subnet: '172.17.0.0/16' }],
        networkBindings: [
          { bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' },
          { bindIP: '0.0.0.0', containerPortRange: '90-91', hostPortRange: '40090-40091', protocol: 'udp' },
        ],
        volumes: [
          { name: 'data', source: '/var/lib/docker/volumes/data/_data', destination: '/data' },
          { source: '/srv', destination: '/srv' },
        ],
        logOptions: { 'max-size': '50m' },
        lastProbe: { exitCode: 0, output: 'ok' },
      }),
    ],
    ['side', factsOf('side', { finishedAt: '2026-01-02T03:04:07Z' })],
  ],
});

const fargate = sourceOf({
  definition: definitionOf('awsvpc', containerOf('app', { portMappings: [{ containerPort: 80, protocol: 'udp' }] })),
  wanted: { launchType: 'FARGATE', cpu: '256', memory: '512', ephemeralStorageGiB: 20, group: 'family:web' },
  known: {
    containers: [knownContainer('app')],
    pause: knownContainer(PAUSE),
    networkInterface: {
      subnetId: 'subnet-1',
      macAddress: '02:42:0a:00:00:05',
      privateIpv4Address: '10.0.0.5',
      ipv6Address: 'fd00::5',
    },
  },
  facts: [
    ['app', factsOf('app', { writtenBytes: 3_000_000 })],
    [
      PAUSE,
      factsOf(PAUSE, {
        writtenBytes: 0,
        dnsServers: ['10.0.0.2'],
        dnsSearchDomains: ['ec2.internal'],
        networks: [{ name: 'vpc', ipv4Address: '10.0.0.5', ipv4Subnet: '10.0.0.0/24', ipv4Gateway: '10.0.0.1' }],
      }),
    ],
  ],
});

describe('what a container reads of its task', () => {
  test('of a service on a host of one’s own', () => {
    expectGolden('task-in-mode-bridge', taskDocument(bridge, false));
  });

  test('of Fargate, with the address that all of its containers share', () => {
    expectGolden('task-of-fargate', taskDocument(fargate, false));
  });

  test('tags only where they are asked for, and only if there are some', () => {
    expect(taskDocument(bridge, false)).not.toHaveProperty('TaskTags');
    expect(taskDocument(bridge, true)).toMatchObject({ TaskTags: { team: 'blue', flag: '' } });
    expect(taskDocument(fargate, true)).not.toHaveProperty('TaskTags');
  });

  test('a task is as far as the last of its containers', () => {
    const statusWith = (...phases: readonly ('NONE' | 'PULLED' | 'CREATED' | 'RUNNING' | 'RESTARTING' | 'STOPPED')[]) =>
      taskDocument(
        sourceOf({ known: { containers: phases.map((phase, index) => knownContainer(String(index), { phase })) } }),
        false,
      )['KnownStatus'];
    expect(statusWith('RUNNING', 'NONE')).toBe('NONE');
    expect(statusWith('CREATED', 'PULLED')).toBe('PULLED');
    expect(statusWith('RUNNING', 'CREATED')).toBe('CREATED');
    expect(statusWith('RUNNING', 'STOPPED', 'RESTARTING')).toBe('RUNNING');
    expect(taskDocument(sourceOf({ known: { status: 'STOPPED' } }), false)['KnownStatus']).toBe('STOPPED');
  });

  test('a task that the agent ends is to be STOPPED, whatever the control plane wants', () => {
    const ending = { reason: 'Essential container in task exited', stopCode: 'EssentialContainerExited' } as const;
    expect(taskDocument(sourceOf({ known: { ending } }), false)).toMatchObject({ DesiredStatus: 'STOPPED' });
    expect(taskDocument(sourceOf({ known: { unwanted: true } }), false)).toMatchObject({ DesiredStatus: 'STOPPED' });
    expect(taskDocument(sourceOf({ wanted: { desiredStatus: 'STOPPED' } }), false)).toMatchObject({
      DesiredStatus: 'STOPPED',
    });
  });
});

describe('what a container reads of itself', () => {
  test('in mode host it has the ports of the host, once it has started', () => {
    const source = sourceOf({
      definition: definitionOf('host', containerOf('app', { portMappings: [{ containerPort: 8080 }] })),
      facts: [['app', factsOf('app', { networks: [{ name: 'host' }] })]],
    });
    expect(containerDocument(source, knownContainer('app'))).toMatchObject({
      Networks: [{ NetworkMode: 'host' }],
      Ports: [{ ContainerPort: 8080, Protocol: 'tcp', HostPort: 8080 }],
    });
    expect(containerDocument(source, knownContainer('app', { startedAt: null }))).not.toHaveProperty('Ports');
  });

  test('one whose image is on the host, but that was not made yet, has no id', () => {
    const source = sourceOf({ definition: definitionOf('bridge', containerOf('app')) });
    const pulled = knownContainer('app', { phase: 'PULLED', runtimeId: null, startedAt: null });
    expect(containerDocument(source, pulled)).toMatchObject({ Name: 'app', Image: 'app:1', KnownStatus: 'PULLED' });
    expect(containerDocument(source, pulled)).not.toHaveProperty('DockerId');
    expect(containerDocument(source, { ...pulled, phase: 'NONE' })).toBeUndefined();
  });

  test('a task without a definition here, found on the host, is shown with what is known', () => {
    const { task, ...rest } = sourceOf({ facts: [['app', factsOf('app')]] });
    const source = { ...rest, task: { ...task, wanted: undefined } };
    expect(containerDocument(source, knownContainer('app'))).toMatchObject({
      Name: 'app',
      Image: 'app:1',
      DesiredStatus: 'RUNNING',
      Limits: { CPU: 0 },
    });
  });

  test('… and its ARN is that of the label', () => {
    const taskArn = 'arn:aws:ecs:us-east-1:000000000000:task/default/0';
    const { task, ...rest } = sourceOf({
      facts: [['app', factsOf('app', { labels: { 'com.amazonaws.ecs.task-arn': taskArn } })]],
    });
    expect(taskDocument({ ...rest, task: { ...task, wanted: undefined } }, false)).toMatchObject({ TaskARN: taskArn });
  });
});
