import { describe, expect, test } from '@jest/globals';
import type { ContainerInput, TaskDefinitionInput } from '#libs/ecs/messages';
import { AccountUnderTest, container } from '../../spec/account-builder.ts';

type Input = Partial<TaskDefinitionInput>;
const ROLE = 'arn:aws:iam::123456789012:role/r';
const SIZE = { networkMode: 'awsvpc', cpu: '256', memory: '512' } satisfies Input;
const AWSLOGS = { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' };

const withOne = (members: ContainerInput): Input => ({ containerDefinitions: [container(members)] });
type Logs = NonNullable<ContainerInput['logConfiguration']>;
const withLogs = (logDriver: Logs['logDriver'], options: Logs['options'] = {}): Input =>
  withOne({ logConfiguration: { logDriver, options } });
const withVolume = (volume: object): Input => ({ volumes: [{ name: 'v', ...volume }] });
const notCompatible = (member: string): string => `Fargate compatible task definitions do not support ${member}`;
const noSize = (cpu: string, memory: string): string =>
  `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. ` +
  'See the Amazon ECS documentation for the valid values.';

describe('what RegisterTaskDefinition refuses for Fargate', () => {
  test.each<[string, Input, string]>([
    ['a bridge', { networkMode: 'bridge' }, 'Fargate only supports network mode ‘awsvpc’.'],
    ['an odd size', { memory: '513' }, noSize('256', '513')],
    ['too much memory for the CPU', { memory: '4096' }, noSize('256', '4096')],
    [
      'a quarter of a CPU for Windows',
      { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
      noSize('256', '512'),
    ],
    [
      'a Windows that it does not have',
      { cpu: '1024', memory: '2048', runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2016_FULL' } },
      'Tasks using the Fargate launch type are not supported on operating system family WINDOWS_SERVER_2016_FULL',
    ],
    [
      'the processes of the host',
      { pidMode: 'host' },
      "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
    ],
    ['an ipcMode', { ipcMode: 'task' }, 'Tasks using the Fargate launch type do not support ipcMode.'],
    [
      'placement constraints',
      { placementConstraints: [{ type: 'memberOf', expression: 'attribute:a == b' }] },
      notCompatible('constraints'),
    ],
    ['a Docker volume', withVolume({ dockerVolumeConfiguration: {} }), notCompatible('dockerVolumeConfiguration')],
    ['a path of the host', withVolume({ host: { sourcePath: '/a' } }), notCompatible('sourcePath')],
    [
      'a privileged container',
      withOne({ privileged: true }),
      "Fargate requires that the 'privileged' setting be 'false'.",
    ],
    ['security options', withOne({ dockerSecurityOptions: ['a'] }), notCompatible('dockerSecurityOptions')],
    ['devices', withOne({ linuxParameters: { devices: [{ hostPath: '/d' }] } }), notCompatible('devices')],
    ['shared memory', withOne({ linuxParameters: { sharedMemorySize: 1 } }), notCompatible('sharedMemorySize')],
    ['swap', withOne({ linuxParameters: { maxSwap: 0 } }), notCompatible('maxSwap')],
    ['swappiness', withOne({ linuxParameters: { swappiness: 0 } }), notCompatible('swappiness')],
    [
      'a capability',
      withOne({ linuxParameters: { capabilities: { add: ['SYS_PTRACE', 'NET_ADMIN'] } } }),
      'NET_ADMIN is not allowed on Fargate.',
    ],
    [
      'a GPU',
      withOne({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
      'Tasks using the Fargate launch type do not support GPU resource requirements.',
    ],
    [
      'a long stop timeout',
      withOne({ stopTimeout: 121 }),
      'Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.',
    ],
    [
      'json-file',
      withLogs('json-file'),
      'json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]',
    ],
    ['awslogs by itself', withLogs('awslogs'), 'Log driver awslogs requires options: awslogs-region, awslogs-group'],
    [
      'awslogs without a group',
      withLogs('awslogs', { 'awslogs-region': 'us-east-1' }),
      'Log driver awslogs requires options: awslogs-group',
    ],
    [
      'awslogs without a role',
      withLogs('awslogs', AWSLOGS),
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    ],
    [
      'awslogs without a prefix',
      { executionRoleArn: ROLE, ...withLogs('awslogs', { 'awslogs-group': 'g', 'awslogs-region': 'r' }) },
      'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.',
    ],
    [
      'an image of ECR without a role',
      withOne({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1' }),
      'Fargate requires task definition to have execution role ARN to support ECR images.',
    ],
    ['little storage', { ephemeralStorage: { sizeInGiB: 20 } }, 'EphemeralStorage size should be at least 21.'],
    ['much storage', { ephemeralStorage: { sizeInGiB: 201 } }, 'EphemeralStorage size should be at most 200.'],
  ])('%s', (_name, input, text) => {
    const account = new AccountUnderTest();
    expect(account.refusal({ ...SIZE, requiresCompatibilities: ['FARGATE'], ...input })).toBe(text);
    expect(account.refusal({ ...SIZE, requiresCompatibilities: ['EC2', 'FARGATE'], ...input })).toBe(text);
    expect(account.events).toEqual([]);
  });

  test.each<[string, Input, string]>([
    ['no size', { networkMode: 'awsvpc' }, "Fargate requires that 'cpu' be defined at the task level."],
    [
      'no memory',
      { networkMode: 'awsvpc', cpu: '256' },
      "Fargate requires that 'memory' be defined at the task level.",
    ],
    ['no network mode', { cpu: '256', memory: '512' }, 'Fargate only supports network mode ‘awsvpc’.'],
  ])('%s', (_name, input, text) => {
    expect(new AccountUnderTest().refusal({ requiresCompatibilities: ['FARGATE'], ...input })).toBe(text);
  });

  test('and takes what is at the edge', () => {
    const account = new AccountUnderTest();
    const refusal = (input: Input): string =>
      account.refusal({ ...SIZE, requiresCompatibilities: ['FARGATE'], ...input });
    expect(refusal(withOne({ startTimeout: 121, stopTimeout: 120 }))).toBe('accepted');
    expect(refusal({ pidMode: 'task', ephemeralStorage: { sizeInGiB: 200 } })).toBe('accepted');
    expect(refusal(withOne({ linuxParameters: { devices: [], capabilities: { add: ['SYS_PTRACE'] } } }))).toBe(
      'accepted',
    );
    expect(refusal({ executionRoleArn: ROLE, ...withLogs('awslogs', AWSLOGS) })).toBe('accepted');
  });
});

describe('compatibilities', () => {
  test.each<[string, Input, readonly string[]]>([
    ['no network mode', { cpu: '256', memory: '512' }, ['EXTERNAL', 'EC2']],
    ['a bridge', { networkMode: 'bridge' }, ['EXTERNAL', 'EC2']],
    [
      'a port for Service Connect',
      withOne({ portMappings: [{ containerPort: 80, name: 'web', appProtocol: 'http' }] }),
      ['EC2'],
    ],
    ['awsvpc', { networkMode: 'awsvpc' }, ['EC2']],
    ['awsvpc with a size', SIZE, ['EC2', 'FARGATE', 'MANAGED_INSTANCES']],
    ['awsvpc with a size that Fargate has not', { ...SIZE, memory: '513' }, ['EC2', 'MANAGED_INSTANCES']],
    [
      'a stop timeout that Fargate has not',
      { ...SIZE, ...withOne({ stopTimeout: 121 }) },
      ['EC2', 'MANAGED_INSTANCES'],
    ],
    [
      'Windows on ARM',
      {
        ...SIZE,
        cpu: '1024',
        memory: '2048',
        runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'ARM64' },
      },
      ['EC2', 'FARGATE'],
    ],
    [
      'the host with a size',
      { networkMode: 'host', cpu: '256', memory: '512' },
      ['EXTERNAL', 'EC2', 'MANAGED_INSTANCES'],
    ],
  ])('%s', (_name, input, expected) => {
    expect(new AccountUnderTest().register(input)['compatibilities']).toEqual(expected);
  });

  test('a requirement that does not hold is refused', () => {
    const account = new AccountUnderTest();
    expect(account.refusal({ requiresCompatibilities: ['EXTERNAL'], networkMode: 'awsvpc' })).toMatch(/^EXTERNAL/);
    expect(account.refusal({ requiresCompatibilities: ['MANAGED_INSTANCES'] })).toMatch(/^Managed Instances need/);
    expect(account.refusal({ ephemeralStorage: { sizeInGiB: 21 }, requiresCompatibilities: ['EC2'], ...SIZE })).toBe(
      'Tasks using the EC2 launch type do not support EphemeralStorage.',
    );
    expect(account.refusal({ ephemeralStorage: { sizeInGiB: 21 }, ...SIZE })).toBe('accepted');
  });
});
