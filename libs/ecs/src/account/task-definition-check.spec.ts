import { describe, expect, test } from '@jest/globals';
import type { TaskDefinitionInput } from '#libs/contracts';
import { AccountUnderTest, container } from '../spec-support/account-builder.ts';

type Input = Partial<TaskDefinitionInput>;
type ContainerInput = TaskDefinitionInput['containerDefinitions'][number];

const withContainers = (...containerDefinitions: ContainerInput[]): Input => ({ containerDefinitions });
const withOne = (members: ContainerInput): Input => withContainers(container(members));
const mapped = (networkMode: string, ...portMappings: object[]): Input => ({
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

const INVALID_CPU =
  "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
const NO_MEMORY =
  "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.";
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
      "Invalid setting for container 'app'. 'memory' must not be less than 'memoryReservation'.",
    ],
    [
      'a container larger than its task',
      { memory: '64', ...withOne({ memory: 128 }) },
      "The 'memory' setting for container is greater than for the task.",
    ],
    [
      'containers with more CPU than their task',
      { cpu: '256', ...withContainers(container({ cpu: 200 }), container({ name: 'b', cpu: 100 })) },
      "The sum of all 'cpu' settings for containers is greater than for the task.",
    ],
    ['a CPU size that is none', { cpu: 'much' }, INVALID_CPU],
    ['a CPU size that is too small', { cpu: '64' }, INVALID_CPU],
    ['a memory size that is none', { memory: '1 parsec' }, "Invalid 'memory' setting for task."],
    [
      'no essential container',
      withOne({ essential: false }),
      'At least one container in the task definition must be essential.',
    ],
    ['an unknown network mode', { networkMode: 'overlay' }, 'Invalid value for networkMode: overlay.'],
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
      'one container port with two protocols',
      mapped('bridge', { containerPort: 53 }, { containerPort: 53, protocol: 'udp' }),
      "Invalid port mapping for container 'app'. Container port 53 cannot have two protocols.",
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
      'The parameter hostname is not supported when networkMode=awsvpc.',
    ],
    [
      'a dependency on nobody',
      withOne({ dependsOn: [{ containerName: 'x', condition: 'START' }] }),
      "Cannot depend on container + 'x' because it does not exist",
    ],
    [
      'an unknown condition',
      withContainers(container({ dependsOn: [{ containerName: 'b', condition: 'NOW' }] }), container({ name: 'b' })),
      'Invalid container dependency condition: NOW.',
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
      "Container 'b' has no health check, so no container can depend on it to be HEALTHY.",
    ],
    [
      'a circle of dependencies',
      withContainers(
        container({ dependsOn: [{ containerName: 'b', condition: 'START' }] }),
        container({ name: 'b', dependsOn: [{ containerName: 'c', condition: 'START' }] }),
        container({ name: 'c', dependsOn: [{ containerName: 'app', condition: 'START' }] }),
      ),
      'Container dependencies should not have a cycle',
    ],
    [
      'a circle of links',
      withContainers(container({ links: ['b:alias'] }), container({ name: 'b', links: ['app'] })),
      'Container links should not have a cycle',
    ],
    [
      'a health check that is no command',
      withOne({ healthCheck: { command: ['curl', 'localhost'] } }),
      "Invalid health check for container 'app'. The command must begin with CMD, CMD-SHELL or NONE.",
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
      "Container 'app' cannot take volumes from container 'app'.",
    ],
    [
      'a constraint that is for RunTask',
      { placementConstraints: [{ type: 'distinctInstance' }] },
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
        placementConstraints: Array.from({ length: 11 }, () => ({ type: 'memberOf', expression: 'attribute:a == b' })),
      },
      'placementConstraints can have at most 10 items.',
    ],
    [
      'an unknown compatibility',
      { requiresCompatibilities: ['MOON'] },
      'Invalid value for requiresCompatibilities: MOON.',
    ],
    ['Fargate on a bridge', fargate({ networkMode: 'bridge' }), 'Fargate only supports network mode ‘awsvpc’.'],
    ['Fargate of an odd size', fargate({ memory: '513' }), 'No Fargate configuration exists for given values.'],
    [
      'Fargate with an ECR image and no role',
      fargate(withOne({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1' })),
      'Fargate requires task definition to have execution role ARN to support ECR images.',
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
    expect(account.refusal({}, { tags: [{ key: 'a' }, { key: 'a' }] })).toBe('Duplicate tag keys found: a.');
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
