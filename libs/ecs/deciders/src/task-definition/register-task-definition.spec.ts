import { describe, expect, test } from '@jest/globals';
import type { TaskDefinitionInput } from '#libs/ecs/messages';
import { AccountUnderTest, container, registerTaskDefinition } from '../../spec/account-builder.ts';

describe('RegisterTaskDefinition', () => {
  test('answers the smallest definition with the defaults of ECS filled in', () => {
    const account = new AccountUnderTest();
    expect(account.submit(registerTaskDefinition({}))).toEqual({
      events: [
        {
          type: 'TaskDefinitionRegistered',
          v: 1,
          taskDefinition: {
            taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:1',
            family: 'web',
            revision: 1,
            containerDefinitions: [
              {
                name: 'app',
                image: 'nginx:1.27',
                cpu: 0,
                memory: 128,
                essential: true,
                portMappings: [],
                environment: [],
                mountPoints: [],
                volumesFrom: [],
                systemControls: [],
              },
            ],
            volumes: [],
            placementConstraints: [],
            compatibilities: ['EXTERNAL', 'EC2'],
          },
          tags: [],
          registeredBy: 'arn:aws:iam::123456789012:root',
        },
      ],
    });
  });

  test('echoes what it does not read', () => {
    const account = new AccountUnderTest();
    const definition = account.register({
      containerDefinitions: [container({ ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 2 }], cpu: 10 })],
      enableFaultInjection: false,
      requiresCompatibilities: ['EC2'],
    });
    expect(definition.enableFaultInjection).toBe(false);
    expect(definition.requiresCompatibilities).toEqual(['EC2']);
    expect(definition.containerDefinitions[0]).toMatchObject({
      cpu: 10,
      ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 2 }],
    });
  });

  test('a definition that was answered and is registered again comes back the same but for its revision', () => {
    const account = new AccountUnderTest();
    const first = account.register({
      cpu: '.5 vCPU',
      memory: '1GB',
      volumes: [{ name: 'data' }],
      containerDefinitions: [
        container({
          portMappings: [{ containerPort: 80 }],
          healthCheck: { command: ['CMD-SHELL', 'true'] },
          mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }],
        }),
      ],
    });
    const second = account.register(first);
    expect(second).toEqual({ ...first, taskDefinitionArn: second.taskDefinitionArn, revision: 2 });
    expect(second.taskDefinitionArn).toMatch(/:2$/);
  });

  test('what only an answer can say is not taken from a request', () => {
    const definition = new AccountUnderTest().register({
      revision: 7,
      status: 'INACTIVE',
      registeredAt: 1,
      registeredBy: 'me',
      requiresAttributes: [{ name: 'x' }],
      compatibilities: ['MOON'],
      tags: [{ key: 'a', value: '' }],
    } as object);
    expect(definition).toEqual(new AccountUnderTest().register());
  });

  test.each<[string, TaskDefinitionInput['networkMode'], object, object]>([
    ['bridge, host port absent', undefined, { containerPort: 80 }, { containerPort: 80, hostPort: 0, protocol: 'tcp' }],
    [
      'bridge, fixed',
      'bridge',
      { containerPort: 80, hostPort: 8080 },
      { containerPort: 80, hostPort: 8080, protocol: 'tcp' },
    ],
    ['udp', undefined, { containerPort: 53, protocol: 'UDP' }, { containerPort: 53, hostPort: 0, protocol: 'udp' }],
    [
      'another protocol counts as tcp',
      undefined,
      { containerPort: 1, protocol: 'sctp' },
      { containerPort: 1, hostPort: 0, protocol: 'tcp' },
    ],
    ['host', 'host', { containerPort: 80 }, { containerPort: 80, hostPort: 80, protocol: 'tcp' }],
    ['awsvpc', 'awsvpc', { containerPort: 80 }, { containerPort: 80, hostPort: 80, protocol: 'tcp' }],
    ['range', 'bridge', { containerPortRange: '10-20' }, { containerPortRange: '10-20', protocol: 'tcp' }],
  ])('fills a port mapping: %s', (_name, networkMode, mapping, expected) => {
    const account = new AccountUnderTest();
    const definition = account.register({
      ...(networkMode === undefined ? {} : { networkMode }),
      containerDefinitions: [container({ portMappings: [mapping] })],
    });
    expect(definition.containerDefinitions[0]?.portMappings).toEqual([expected]);
  });

  test.each([
    ['256', '256'],
    ['.25 vCPU', '256'],
    ['1 vcpu', '1024'],
    ['2vCPU', '2048'],
    ['196608', '196608'],
  ])('stores task cpu %s as units', (cpu, expected) => {
    expect(new AccountUnderTest().register({ cpu }).cpu).toBe(expected);
  });

  test.each([
    ['512', '512'],
    ['1GB', '1024'],
    ['0.5 GB', '512'],
    ['1.5gb', '1536'],
  ])('stores task memory %s as MiB', (memory, expected) => {
    expect(new AccountUnderTest().register({ memory }).memory).toBe(expected);
  });

  test('fills a health check and a volume of no kind', () => {
    const definition = new AccountUnderTest().register({
      volumes: [{ name: 'scratch' }, { name: 'code', host: { sourcePath: '/srv' } }],
      containerDefinitions: [container({ healthCheck: { command: ['CMD', 'true'], retries: 5 } })],
    });
    expect(definition.volumes).toEqual([
      { name: 'scratch', host: {} },
      { name: 'code', host: { sourcePath: '/srv' } },
    ]);
    expect(definition.containerDefinitions[0]?.healthCheck).toEqual({
      command: ['CMD', 'true'],
      interval: 30,
      timeout: 5,
      retries: 5,
    });
  });

  test('fills both lists of capabilities, the scope of a Docker volume and the directory of an EFS one', () => {
    const definition = new AccountUnderTest().register({
      volumes: [
        { name: 'docker', dockerVolumeConfiguration: { driver: 'local' } },
        { name: 'shared', dockerVolumeConfiguration: { scope: 'shared' } },
        { name: 'efs', efsVolumeConfiguration: { fileSystemId: 'fs-1' } },
      ],
      containerDefinitions: [
        container({ linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true } }),
        container({ name: 'b', linuxParameters: { initProcessEnabled: true } }),
      ],
    });
    expect(definition.volumes).toEqual([
      { name: 'docker', dockerVolumeConfiguration: { driver: 'local', scope: 'task' } },
      { name: 'shared', dockerVolumeConfiguration: { scope: 'shared' } },
      { name: 'efs', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } },
    ]);
    expect(definition.containerDefinitions.map((one) => one.linuxParameters)).toEqual([
      { capabilities: { add: [], drop: ['ALL'] }, initProcessEnabled: true },
      { initProcessEnabled: true },
    ]);
  });

  test('a task role by its short name is a role of the account', () => {
    const definition = new AccountUnderTest().register({ taskRoleArn: 'web-role' });
    expect(definition.taskRoleArn).toBe('arn:aws:iam::123456789012:role/web-role');
  });

  test('empty texts of optional members mean absent; empty environment values stay', () => {
    const definition = new AccountUnderTest().register({
      taskRoleArn: '',
      executionRoleArn: '',
      networkMode: '' as never,
      containerDefinitions: [container({ hostname: '', environment: [{ name: 'EMPTY', value: '' }] })],
    });
    expect(Object.keys(definition)).not.toEqual(expect.arrayContaining(['taskRoleArn']));
    expect(Object.keys(definition)).not.toEqual(expect.arrayContaining(['networkMode']));
    expect(definition.requiresAttributes).toBeUndefined();
    expect(definition.containerDefinitions[0]?.hostname).toBeUndefined();
    expect(definition.containerDefinitions[0]?.environment).toEqual([{ name: 'EMPTY', value: '' }]);
  });

  test('the revision is the highest ever plus one, also after deregistration and deletion', () => {
    const account = new AccountUnderTest();
    expect([account.register().revision, account.register().revision]).toEqual([1, 2]);
    account.submit({ type: 'DeregisterTaskDefinition', family: 'web', revision: 2 });
    account.submit({
      type: 'DeleteTaskDefinitions',
      taskDefinitions: [{ name: 'web:2', id: { family: 'web', revision: 2 } }],
    });
    expect(account.register().revision).toBe(3);
    expect(account.register({ family: 'other' }).revision).toBe(1);
    expect(account.decider.answer('RegisterTaskDefinition', account.events.slice(-1))).toEqual({
      family: 'other',
      revision: 1,
    });
  });
});
