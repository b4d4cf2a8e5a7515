import { describe, expect, test } from '@jest/globals';
import type { ContainerInput, TaskDefinitionInput } from '#libs/ecs/messages';
import { AccountUnderTest, container, registerTaskDefinition } from '../../spec/account-builder.ts';

type Input = Partial<TaskDefinitionInput>;
const withContainers = (...containerDefinitions: ContainerInput[]): Input => ({ containerDefinitions });
const withOne = (members: ContainerInput): Input => withContainers(container(members));
const mapped = (networkMode: TaskDefinitionInput['networkMode'] & string, ...portMappings: object[]): Input => ({
  networkMode,
  ...withOne({ portMappings: portMappings as NonNullable<ContainerInput['portMappings']> }),
});
const awsvpc = (members: ContainerInput): Input => ({ networkMode: 'awsvpc', ...withOne(members) });
const fargate = (input: Input): Input => ({
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  ...input,
});

const INVALID_CPU = "Invalid 'cpu' setting for task.";
const NO_MEMORY =
  "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.";
const NO_NETWORK_WITH_AWSVPC = 'Disable Networking is not supported on container when networkMode=awsvpc.';
const SECRETS_NEED_ROLE =
  "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.";
const notWithAwsvpc = (what: string): string => `${what} not supported on container when networkMode=awsvpc.`;
const tooShort = (what: string): string => `Granular ${what} timeout on container 'app' must be at least 2 seconds.`;
const efs = (members: object): Input => ({
  volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', ...members } }],
});
const MUST_END = 'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container';

describe('what RegisterTaskDefinition refuses', () => {
  test.each<[string, Input, string]>([
    ['no family', { family: '' }, 'Family can not be blank.'],
    ['a family with a space', { family: 'a b' }, 'Family contains invalid characters.'],
    ['no containers', withContainers(), 'Container list cannot be empty.'],
    [
      'eleven containers',
      withContainers(...Array.from({ length: 11 }, (_, i) => container({ name: `c${i}` }))),
      'A task definition can have at most 10 containers.',
    ],
    ['a container without a name', withOne({ name: '' }), 'Container.name should not be null or empty.'],
    ['a container without an image', withOne({ image: '' }), 'Container.image should not be null or empty.'],
    ['an image with a space', withOne({ image: 'a b' }), 'Container.image contains invalid characters.'],
    [
      'two containers of one name',
      withContainers(container(), container()),
      "The container name 'app' is not unique within the task.",
    ],
    ['no memory anywhere', withContainers({ name: 'app', image: 'nginx' }), NO_MEMORY],
    [
      'a limit below the reservation',
      withOne({ memory: 64, memoryReservation: 128 }),
      "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
    ],
    [
      'a container larger than its task',
      { memory: '64', ...withOne({ memory: 128 }) },
      "The 'memory' setting for container 'app' is greater than for the task.",
    ],
    [
      'containers with more CPU than their task',
      { cpu: '256', ...withContainers(container({ cpu: 200 }), container({ name: 'b', cpu: 100 })) },
      "The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value.",
    ],
    ['a CPU size that is none', { cpu: 'much' }, INVALID_CPU],
    ['a CPU size that is too small', { cpu: '64' }, INVALID_CPU],
    ['an empty CPU size', { cpu: '' }, INVALID_CPU],
    ['an empty memory size', { memory: '' }, "Invalid 'memory' setting for task."],
    ['a memory size that is none', { memory: '1 parsec' }, "Invalid 'memory' setting for task."],
    ['no essential container', withOne({ essential: false }), "Task definition doesn't have any essential container."],
    ['an unknown network mode', { networkMode: 'overlay' as never }, 'Invalid value for networkMode: overlay.'],
    [
      'other host ports with awsvpc',
      mapped('awsvpc', { containerPort: 80, hostPort: 8080 }),
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    ],
    [
      'other host ports with host',
      mapped('host', { containerPort: 80, hostPort: 8080 }),
      'When networkMode=host, the host ports and container ports in port mappings must match.',
    ],
    [
      'ports without a network',
      mapped('none', { containerPort: 80 }),
      'Port mappings are not supported when networkMode=none.',
    ],
    [
      'one host port twice',
      mapped('bridge', { containerPort: 80, hostPort: 8080 }, { containerPort: 81, hostPort: 8080 }),
      'The host port 8080/tcp is used by more than one port mapping of the task.',
    ],
    [
      'a port that is none',
      mapped('bridge', { containerPort: 70000 }),
      "Invalid container port 70000 for container 'app'.",
    ],
    [
      'no container port',
      mapped('bridge', { hostPort: 80 }),
      "Invalid port mapping for container 'app'. A container port must be specified.",
    ],
    [
      'overlapping ranges',
      mapped('bridge', { containerPortRange: '10-20' }, { containerPortRange: '20-30' }),
      "Invalid port range for container 'app'. Ranges overlap.",
    ],
    ['links with awsvpc', awsvpc({ links: ['b'] }), 'Links are not supported when networkMode=awsvpc.'],
    [
      'a host name with awsvpc',
      awsvpc({ hostname: 'x' }),
      'hostname is not supported on container when networkMode=awsvpc.',
    ],
    [
      'a dependency on nobody',
      withOne({ dependsOn: [{ containerName: 'x', condition: 'START' }] }),
      "Cannot depend on container + 'x' because it does not exist",
    ],
    [
      'an unknown condition',
      withContainers(
        container({ dependsOn: [{ containerName: 'b', condition: 'NOW' as never }] }),
        container({ name: 'b' }),
      ),
      'Invalid container dependency condition: NOW.',
    ],
    [
      'volumes from each other',
      withContainers(
        container({ volumesFrom: [{ sourceContainer: 'b' }] }),
        container({ name: 'b', volumesFrom: [{ sourceContainer: 'app' }] }),
      ),
      'Container volumesFrom should not have a cycle',
    ],
    [
      'a container that waits for one which is linked to it',
      withContainers(
        container({ dependsOn: [{ containerName: 'b', condition: 'START' }] }),
        container({ name: 'b', links: ['app'] }),
      ),
      'Containers wait for one another by dependsOn, links and volumesFrom',
    ],
    [
      'two volumes that are configured at launch',
      { volumes: ['a', 'b'].map((name) => ({ name, configuredAtLaunch: true })) },
      'A task definition can have only one volume that is configured at launch.',
    ],
    [
      'waiting for the end of an essential container',
      withContainers(
        container({ dependsOn: [{ containerName: 'b', condition: 'COMPLETE' }] }),
        container({ name: 'b' }),
      ),
      MUST_END,
    ],
    [
      'waiting for the health of a container without a check',
      withContainers(
        container({ dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }),
        container({ name: 'b' }),
      ),
      'A dependency container with HEALTHY condition must have health check configured',
    ],
    [
      'a circle of dependencies',
      withContainers(
        container({ dependsOn: [{ containerName: 'b', condition: 'START' }] }),
        container({ name: 'b', dependsOn: [{ containerName: 'c', condition: 'START' }] }),
        container({ name: 'c', dependsOn: [{ containerName: 'app', condition: 'START' }] }),
      ),
      'Container dependsOn contains a cycle',
    ],
    [
      'a circle of links',
      withContainers(container({ links: ['b:alias'] }), container({ name: 'b', links: ['app'] })),
      'Container links should not have a cycle',
    ],
    [
      'a health check that is no command',
      withOne({ healthCheck: { command: [] } }),
      "Invalid health check for container 'app'. The command must not be empty.",
    ],
    [
      'a health check that is too frequent',
      withOne({ healthCheck: { command: ['CMD', 'true'], interval: 1 } }),
      "Invalid health check for container 'app'. 'interval' must be between 5 and 300.",
    ],
    [
      'a mount of no volume',
      withOne({ mountPoints: [{ sourceVolume: 'x', containerPath: '/x' }] }),
      "Unknown volume 'x'.",
    ],
    [
      'volumes from itself',
      withOne({ volumesFrom: [{ sourceContainer: 'app' }] }),
      "Container 'app' cannot take volumes from itself.",
    ],
    [
      'a constraint that is for RunTask',
      { placementConstraints: [{ type: 'distinctInstance' as never }] },
      'Invalid placement constraint type: distinctInstance.',
    ],
    [
      'a constraint without an expression',
      { placementConstraints: [{ type: 'memberOf' }] },
      "A placement constraint of type 'memberOf' needs an expression.",
    ],
    [
      'eleven constraints',
      {
        placementConstraints: Array.from({ length: 11 }, () => ({
          type: 'memberOf' as const,
          expression: 'attribute:a == b',
        })),
      },
      'placementConstraints can have at most 10 items.',
    ],
    [
      'an unknown compatibility',
      { requiresCompatibilities: ['MOON' as never] },
      'Invalid value for requiresCompatibilities: MOON.',
    ],
    [
      'volumes from an unknown container',
      withOne({ volumesFrom: [{ sourceContainer: 'x' }] }),
      "Invalid 'volumesFrom' setting. Unknown container: 'x'.",
    ],
    [
      'a dependency on itself',
      withOne({ dependsOn: [{ containerName: 'app', condition: 'START' }] }),
      'Container dependsOn contains a cycle',
    ],
    ['a network that is off, with awsvpc', awsvpc({ disableNetworking: true }), NO_NETWORK_WITH_AWSVPC],
    ['DNS servers with awsvpc', awsvpc({ dnsServers: ['1.1.1.1'] }), notWithAwsvpc('DNS servers are')],
    ['DNS search domains with awsvpc', awsvpc({ dnsSearchDomains: ['a'] }), notWithAwsvpc('DNS search domains are')],
    [
      'extra hosts with awsvpc',
      awsvpc({ extraHosts: [{ hostname: 'a', ipAddress: '1.1.1.1' }] }),
      notWithAwsvpc('Extra hosts are'),
    ],
    ['a start timeout below two seconds', withOne({ startTimeout: 1 }), tooShort('start')],
    ['a stop timeout of none', withOne({ stopTimeout: 0 }), tooShort('stop')],
    ['a negative stop timeout', withOne({ stopTimeout: -1 }), tooShort('stop')],
    [
      'a restart period that is too short',
      withOne({ restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }),
      "The 'restartAttemptPeriod' setting for container 'app' must be between 60 and 1800.",
    ],
    [
      'a soft limit above the hard one',
      withOne({ ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] }),
      'Soft limit exceeds hard limit for ulimit nofile.',
    ],
    [
      'an environment file by name',
      withOne({ environmentFiles: [{ value: 'a.env', type: 's3' }] }),
      'Invalid arn syntax.',
    ],
    [
      'eleven environment files',
      withOne({
        environmentFiles: Array.from({ length: 11 }, () => ({ value: 'arn:aws:s3:::b/a.env', type: 's3' as const })),
      }),
      'The maximum number of environment files was exceeded. Specify ten or less and try again.',
    ],
    [
      'IAM for EFS without encryption',
      efs({ authorizationConfig: { iam: 'ENABLED' } }),
      'EFS IAM authorization requires TransitEncryption to be enabled.',
    ],
    [
      'a port for encryption without encryption',
      efs({ transitEncryptionPort: 1 }),
      'TransitEncryptionPort requires that TransitEncryption is enabled.',
    ],
    [
      'an access point and a directory of EFS',
      efs({ rootDirectory: '/a', authorizationConfig: { accessPointId: 'fsap-1' } }),
      'When using an EFS access point, the root directory must either be set to "/" or be omitted.',
    ],
    [
      'a proxy on a bridge',
      { proxyConfiguration: { containerName: 'app' } },
      'APPMESH proxy configuration is only supported in networkMode=awsvpc.',
    ],
    [
      'a proxy that is no container',
      { networkMode: 'awsvpc', proxyConfiguration: { containerName: 'x' } },
      'Proxy container [x] does not exist.',
    ],
    [
      'inference accelerators',
      { inferenceAccelerators: [{ deviceName: 'a', deviceType: 'b' }] },
      "Unsupported field 'inferenceAccelerators'.",
    ],
    [
      'a variable without a name',
      withOne({ environment: [{ name: '', value: 'a' }] }),
      "Invalid environment variable for container 'app'. A name must be specified.",
    ],
    [
      'a system control without a name',
      withOne({ systemControls: [{ value: '1' }] }),
      "Invalid system control for container 'app'. A namespace must be specified.",
    ],
    [
      'a mount that is nowhere',
      { volumes: [{ name: 'v' }], ...withOne({ mountPoints: [{ sourceVolume: 'v' }] }) },
      "Invalid mount point for container 'app'. A container path must be specified.",
    ],
    [
      'a volume of two kinds',
      { volumes: [{ name: 'v', host: { sourcePath: '/a' }, dockerVolumeConfiguration: {} }] },
      "Volume 'v' can have only one of dockerVolumeConfiguration, host.sourcePath.",
    ],
    ['an unknown architecture', { runtimePlatform: { cpuArchitecture: 'BOGUS' as never } }, 'Invalid CPU architecture'],
    ['a placeholder for a role', { taskRoleArn: 'arn:aws:iam::<ACCOUNT_ID>:role/r' }, 'Role is not valid'],
    [
      'a placeholder in a role',
      { executionRoleArn: 'arn:aws:iam::123456789012:role/<ROLE_NAME>' },
      'Role is not valid',
    ],
    ['the ARN of a user for a role', { executionRoleArn: 'arn:aws:iam::123456789012:user/u' }, 'Role is not valid'],
    ['an execution role by its name', { executionRoleArn: 'ecsTaskExecutionRole' }, 'Role is not valid'],
    ['secrets without an execution role', withOne({ secrets: [{ name: 'A', valueFrom: '/a' }] }), SECRETS_NEED_ROLE],
    [
      'one secret twice',
      withOne({
        secrets: [
          { name: 'S', valueFrom: '/a' },
          { name: 'S', valueFrom: '/b' },
        ],
      }),
      'Duplicate secret names found: S. Each secret name must be unique.',
    ],
  ])('%s', (_name, input, text) => {
    const account = new AccountUnderTest();
    expect(account.refusal(input)).toBe(text);
    expect(account.events).toEqual([]);
  });

  test('an expression that cannot be read', () => {
    const account = new AccountUnderTest();
    const expression = 'attribute:a ==';
    expect(account.refusal({ placementConstraints: [{ type: 'memberOf', expression }] })).toMatch(
      /^Invalid expression: /,
    );
  });

  test('a secret that hides an environment variable', () => {
    const account = new AccountUnderTest();
    const input = withOne({ environment: [{ name: 'A', value: '1' }], secrets: [{ name: 'A', valueFrom: 'x' }] });
    expect(account.refusal(input)).toMatch(/^The secret name must be unique and not shared with any new or existing/);
  });

  test('more than 64 KB', () => {
    const account = new AccountUnderTest();
    const text = account.refusal(withOne({ command: ['ü'.repeat(40_000)] }));
    expect(text).toMatch(/^Actual length: '80\d{3}'\. Max allowed length is '65536' bytes\.$/);
  });

  test('tags that are none, too many, reserved or doubled', () => {
    const account = new AccountUnderTest();
    const many = Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: '' }));
    expect(account.refusal({}, { tags: [] })).toBe('Tags can not be empty.');
    expect(account.refusal({}, { tags: many })).toBe('The number of tags per resource exceeds the maximum of 50.');
    expect(account.refusal({}, { tags: [{ key: 'AWS:x', value: '' }] })).toMatch(/reserved/);
    expect(account.refusal({}, { tags: [1, 2].map(() => ({ key: 'a', value: '' })) })).toBe(
      'Duplicate tag keys found: a.',
    );
  });

  test('the first of several faults as ECS does', () => {
    const account = new AccountUnderTest();
    const nothingEssential = withOne({ essential: false });
    expect(account.refusal(fargate({ cpu: 'bad', ...nothingEssential }))).toBe(INVALID_CPU);
    expect(account.refusal({ memory: 'bad', containerDefinitions: [{ name: 'app', image: 'nginx' }] })).toBe(
      "Invalid 'memory' setting for task.",
    );
    const withoutMemory = { containerDefinitions: [{ name: 'app', image: 'nginx', essential: false }] };
    expect(account.refusal({ requiresCompatibilities: ['FARGATE'], ...withoutMemory })).toBe(NO_MEMORY);
    expect(account.refusal({ requiresCompatibilities: ['FARGATE'], networkMode: 'bridge', ...nothingEssential })).toBe(
      "Task definition doesn't have any essential container.",
    );
  });

  test('sizes are invalid parameters, all else is a client error', () => {
    const account = new AccountUnderTest();
    expect(account.submit(registerTaskDefinition({ cpu: 'bad' }))).toEqual({
      rejection: { code: 'InvalidParameter', message: INVALID_CPU },
    });
    expect(account.submit(registerTaskDefinition(withContainers()))).toMatchObject({
      rejection: { code: 'ClientError' },
    });
    expect(account.submit(registerTaskDefinition({}, { tags: [{ key: 'aws:x', value: '' }] }))).toMatchObject({
      rejection: { code: 'ClientError' },
    });
  });

  test('and takes what is at the edge', () => {
    const account = new AccountUnderTest();
    const tags = Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    expect(account.refusal({ memory: '128', ...withContainers({ name: 'app', image: 'nginx' }) }, { tags })).toBe(
      'accepted',
    );
    expect(account.refusal(withOne({ memory: 128, memoryReservation: 128 }))).toBe('accepted');
    expect(account.refusal(withOne({ image: 'registry.example/Team_A/app#1:v1' }))).toBe('accepted');
    expect(account.refusal(withOne({ image: `app@sha256:${'AB'.repeat(32)}` }))).toBe('accepted');
    expect(account.refusal(fargate({}))).toBe('accepted');
    // DNS, syslog and HTTP/3 need one port for both protocols.
    const dns = mapped(
      'bridge',
      { containerPort: 53, hostPort: 53 },
      { containerPort: 53, hostPort: 53, protocol: 'udp' },
    );
    expect(account.refusal(dns)).toBe('accepted');
    for (const command of [['/healthcheck'], ['CMD-SHELL', 'curl', 'localhost'], ['NONE']]) {
      expect(account.refusal(withOne({ healthCheck: { command } }))).toBe('accepted');
    }
    expect(account.refusal(withOne({ startTimeout: 121, stopTimeout: 121 }))).toBe('accepted');
    expect(account.refusal({ executionRoleArn: 'arn:aws-cn:iam::123456789012:role/path/to/r' })).toBe('accepted');
    expect(
      account.refusal(
        withContainers(
          container({ dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }),
          container({ name: 'b', essential: false }),
        ),
      ),
    ).toBe('accepted');
  });
});
