import { describe, expect, test } from '@jest/globals';
import type { ContainerInput, TaskDefinitionInput } from '#libs/ecs/messages';
import { AccountUnderTest, container } from '../../spec/account-builder.ts';

type Input = Partial<TaskDefinitionInput>;
const ROLE = 'arn:aws:iam::111122223333:role/r';
const ECR = '111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1';
const FARGATE = { networkMode: 'awsvpc', cpu: '256', memory: '512', executionRoleArn: ROLE } satisfies Input;

const logs = (options: object = {}): ContainerInput => ({
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p', ...options },
  },
});

/** `1.18` and the like are versions of Docker's API, `+name` has Amazon's longer prefix. */
function fullName(short: string): string {
  if (/^1\.\d+$/.test(short)) return `com.amazonaws.ecs.capability.docker-remote-api.${short}`;
  return short.startsWith('+') ? `com.amazonaws.ecs.capability.${short.slice(1)}` : `ecs.capability.${short}`;
}

function requiredBy(input: Input, ...containers: readonly ContainerInput[]): readonly string[] | undefined {
  const containerDefinitions = containers.map((members, i) => ({ name: `c${i}`, image: 'nginx', ...members }));
  return new AccountUnderTest()
    .register({ ...input, containerDefinitions })
    .requiresAttributes?.map(({ name }) => name);
}

/* Each row is what ECS answered to such a definition, as its owner published it. */
describe('attributes of definitions that ECS answered', () => {
  test.each<[string, Input, readonly ContainerInput[], string]>([
    ['Fargate, nothing else', FARGATE, [{}], '1.18 task-eni'],
    [
      'Fargate, logs, one role, limits',
      FARGATE,
      [{ image: ECR, memoryReservation: 300, ...logs() }],
      '1.18 1.19 1.21 +ecr-auth +logging-driver.awslogs execution-role-awslogs execution-role-ecr-pull task-eni',
    ],
    [
      'Fargate, a log group to be made, parameters as secrets',
      { ...FARGATE, taskRoleArn: ROLE },
      [{ image: ECR, secrets: [{ name: 'A', valueFrom: '/a' }], ...logs({ 'awslogs-create-group': 'true' }) }],
      '1.18 1.19 1.29 +ecr-auth +logging-driver.awslogs +task-iam-role execution-role-awslogs execution-role-ecr-pull ' +
        'secrets.ssm.environment-variables task-eni',
    ],
    [
      'Fargate, logs that do not block',
      FARGATE,
      [{ image: ECR, ...logs({ mode: 'non-blocking', 'awslogs-create-group': 'true', 'max-buffer-size': '25m' }) }],
      '1.18 1.19 1.28 1.29 +ecr-auth +logging-driver.awslogs execution-role-awslogs execution-role-ecr-pull task-eni',
    ],
    [
      'Fargate, more storage',
      { ...FARGATE, requiresCompatibilities: ['FARGATE'], ephemeralStorage: { sizeInGiB: 21 } },
      [{ image: ECR, ...logs({ 'awslogs-create-group': 'true' }) }],
      '1.18 1.19 1.29 +ecr-auth +logging-driver.awslogs execution-role-awslogs execution-role-ecr-pull ' +
        'extensible-ephemeral-storage task-eni',
    ],
    [
      'Fargate, FireLens with a file',
      { ...FARGATE, taskRoleArn: ROLE },
      [
        { memoryReservation: 256, logConfiguration: { logDriver: 'awsfirelens' } },
        {
          user: '0',
          firelensConfiguration: {
            type: 'fluentd',
            options: { 'config-file-type': 'file', 'config-file-value': '/c' },
          },
          ...logs(),
        },
      ],
      '1.17 1.18 1.19 1.21 +logging-driver.awsfirelens +logging-driver.awslogs +task-iam-role execution-role-awslogs ' +
        'firelens.fluentd firelens.options.config.file task-eni',
    ],
    [
      'Fargate, EFS, empty lists of a console',
      { ...FARGATE, volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }] },
      [{ image: ECR, dnsServers: [], extraHosts: [], dockerLabels: {}, ulimits: [], secrets: [], ...logs() }],
      '1.17 1.18 1.19 1.25 +ecr-auth +logging-driver.awslogs efs efsAuth execution-role-awslogs execution-role-ecr-pull ' +
        'task-eni',
    ],
    ['a bridge with a size', { networkMode: 'bridge', cpu: '256', memory: '512' }, [{ memory: 128 }], ''],
    ['no network mode, a size, nobody with a limit', { cpu: '1024', memory: '512' }, [{ image: ECR }], '+ecr-auth'],
    [
      'a bridge with a size, both roles, an empty list of limits',
      { cpu: '1024', memory: '3072', taskRoleArn: ROLE, executionRoleArn: ROLE },
      [{ image: ECR, environmentFiles: [], ulimits: [] }],
      '1.18 +ecr-auth +task-iam-role execution-role-ecr-pull',
    ],
    [
      'a bridge, both roles, a reservation, logs',
      { networkMode: 'bridge', taskRoleArn: ROLE, executionRoleArn: ROLE },
      [{ image: ECR, memoryReservation: 512, entryPoint: [], command: [], ...logs() }],
      '1.19 1.21 +ecr-auth +logging-driver.awslogs +task-iam-role execution-role-awslogs execution-role-ecr-pull',
    ],
    [
      'a bridge without roles, a log group to be made',
      { networkMode: 'bridge', cpu: '256', memory: '400' },
      [{ image: ECR, ...logs({ 'awslogs-create-group': 'true' }) }],
      '1.19 1.29 +ecr-auth +logging-driver.awslogs',
    ],
    [
      'a health check that starts late',
      { taskRoleArn: ROLE, executionRoleArn: ROLE },
      [
        {
          image: ECR,
          memoryReservation: 500,
          secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:us-east-1:111122223333:parameter/a' }],
          healthCheck: { command: ['CMD-SHELL', 'true'], startPeriod: 60 },
          ...logs(),
        },
      ],
      '1.19 1.21 1.29 +ecr-auth +logging-driver.awslogs +task-iam-role container-health-check execution-role-awslogs ' +
        'execution-role-ecr-pull secrets.ssm.environment-variables',
    ],
    [
      'the host, secrets of Secrets Manager',
      { networkMode: 'host', cpu: '2048', memory: '960', taskRoleArn: ROLE, executionRoleArn: ROLE },
      [
        {
          image: ECR,
          secrets: [{ name: 'A', valueFrom: 'arn:aws:secretsmanager:us-east-2:111122223333:secret:s:A::' }],
        },
      ],
      '1.18 +ecr-auth +task-iam-role +task-iam-role-network-host execution-role-ecr-pull ' +
        'secrets.asm.environment-variables',
    ],
    [
      'the host, its processes, privileged',
      { networkMode: 'host', pidMode: 'host', ipcMode: 'host' },
      [{ memory: 2048, privileged: true, readonlyRootFilesystem: false }],
      '1.17 1.18 +privileged-container pid-ipc-namespace-sharing',
    ],
    [
      'no network, an init process, limits',
      { networkMode: 'none', ipcMode: 'none', cpu: '2048', memory: '4096' },
      [
        {
          memory: 4096,
          user: 'nobody',
          privileged: false,
          disableNetworking: true,
          dockerSecurityOptions: ['no-new-privileges'],
          linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true, maxSwap: 0, swappiness: 0 },
          ulimits: [{ name: 'nproc', softLimit: 128, hardLimit: 128 }],
          ...logs(),
        },
      ],
      '1.17 1.18 1.19 1.23 1.25 1.32 +logging-driver.awslogs pid-ipc-namespace-sharing',
    ],
    [
      'a shared Docker volume',
      {
        volumes: [{ name: 'v', dockerVolumeConfiguration: { scope: 'shared', driver: 'local', autoprovision: true } }],
      },
      [{ memory: 512, ...logs() }],
      '1.19 1.25 +logging-driver.awslogs docker-plugin.local',
    ],
    [
      'an image by its digest, a role, an order',
      { ...FARGATE, taskRoleArn: ROLE },
      [{ image: `nginx@sha256:${'0'.repeat(64)}`, stopTimeout: 10, ...logs() }],
      '1.18 1.19 1.21 +logging-driver.awslogs +task-iam-role container-ordering execution-role-awslogs task-eni',
    ],
  ])('%s', (_name, input, containers, expected) => {
    const names = expected === '' ? undefined : expected.split(' ').map(fullName).sort();
    expect(requiredBy(input, ...containers)).toEqual(names);
  });
});

/* What no published answer shows, by the names of the agent. */
describe('attributes that keep away what an agent may not have', () => {
  test.each<[string, Input, string]>([
    ['a range of ports', of({ portMappings: [{ containerPortRange: '80-90' }] }), 'container-port-range'],
    ['a restart policy', of({ restartPolicy: { enabled: true } }), 'container-restart-policy'],
    ['environment files', of({ environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }] }), 'env-files.s3'],
    ['a label of SELinux', of({ dockerSecurityOptions: ['label:type:t'] }), '+selinux'],
    ['a profile of AppArmor', of({ dockerSecurityOptions: ['apparmor:p'] }), '+apparmor'],
    ['a managed account', of({ credentialSpecs: ['credentialspec:arn:aws:s3:::b/c'] }), 'gmsa'],
    ['one without a domain', of({ credentialSpecs: ['credentialspecdomainless:arn:aws:s3:::b/c'] }), 'gmsa-domainless'],
    ['a volume at launch', { volumes: [{ name: 'v', configuredAtLaunch: true }] }, 'storage.ebs-task-volume-attach'],
    ['a plugin', { volumes: [{ name: 'v', dockerVolumeConfiguration: { driver: 'rexray' } }] }, 'docker-plugin.rexray'],
    ['S3 files', { volumes: [{ name: 'v', s3filesVolumeConfiguration: { fileSystemArn: 'a' } }] }, 'storage.s3-files'],
    ['fault injection', { enableFaultInjection: true }, 'fault-injection'],
    ['a proxy', { networkMode: 'awsvpc', proxyConfiguration: { containerName: 'app' } }, 'aws-appmesh'],
  ])('%s', (_name, input, expected) => {
    const names = new AccountUnderTest().register(input).requiresAttributes?.map(({ name }) => name);
    expect(names).toContain(fullName(expected));
  });
});

function of(members: ContainerInput): Input {
  return { containerDefinitions: [container(members)] };
}
