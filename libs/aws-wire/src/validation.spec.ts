import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import { stsService } from '#libs/iam/messages';
import { InputValidator } from './validation.ts';

const validator = new InputValidator(ecsService);
const validateInput = (operation: string, input: unknown) => validator.validate(operation, input);

const task = { taskDefinition: 'web' };
const definition = (container: object) => ({ family: 'web', containerDefinitions: [container] });

describe('accepts', () => {
  test.each<[string, unknown]>([
    ['RunTask', task],
    ['RunTask', { ...task, count: 3, launchType: 'EC2', tags: [{ key: 'a', value: '' }, { key: 'ключ' }] }],
    ['DescribeClusters', {}],
    ['ListServiceDeployments', { service: 'web', createdAt: { before: 1_704_067_200.123 } }],
    ['RegisterTaskDefinition', definition({ name: 'a', image: 'b', cpu: 0, dockerLabels: { any: 'text' } })],
    [
      'CreateService',
      { serviceName: 'a', deploymentConfiguration: { lifecycleHooks: [{ hookDetails: [1, { a: null }] }] } },
    ],
  ])('%s %j', (operation, input) => {
    const before = structuredClone(input);
    expect(validateInput(operation, input)).toBeUndefined();
    expect(input).toEqual(before);
  });

  test.each([ecsService, stsService])('compiles the check of every operation: $signingName', (service) => {
    const ofService = new InputValidator(service);
    for (const name of Object.keys(service.shapes.operations))
      expect(ofService.validate(name, [])?.type).toBe('SerializationException');
  });
});

describe('removes unknown members in place', () => {
  test('at every level, but not the keys of maps', () => {
    const input = { ...definition({ name: 'a', surprise: [], dockerLabels: { surprise: 'x' } }), surprise: { cpu: 1 } };
    expect(validateInput('RegisterTaskDefinition', input)).toBeUndefined();
    expect(input).toEqual(definition({ name: 'a', dockerLabels: { surprise: 'x' } }));
  });

  test('also those that would reach a prototype', () => {
    const input: unknown = JSON.parse('{"taskDefinition":"web","__proto__":{"count":2},"constructor":1,"toString":2}');
    expect(validateInput('RunTask', input)).toBeUndefined();
    expect(Object.getOwnPropertyNames(input)).toEqual(['taskDefinition']);
  });
});

describe('a wrong JSON type is a SerializationException in the words of the service', () => {
  test.each<[string, unknown, string]>([
    ['RunTask', { ...task, count: '2' }, "STRING_VALUE cannot be converted to Integer (at 'count')"],
    ['RunTask', { ...task, count: 1.5 }, "DECIMAL_VALUE cannot be converted to Integer (at 'count')"],
    ['RunTask', { ...task, count: 2 ** 31 }, "NUMBER_VALUE cannot be converted to Integer (at 'count')"],
    ['RunTask', { ...task, count: true }, "TRUE_VALUE cannot be converted to Integer (at 'count')"],
    ['RunTask', { taskDefinition: 7 }, "NUMBER_VALUE cannot be converted to String (at 'taskDefinition')"],
    ['RunTask', { ...task, launchType: 7 }, "NUMBER_VALUE cannot be converted to String (at 'launchType')"],
    [
      'RunTask',
      { ...task, enableExecuteCommand: 'yes' },
      "STRING_VALUE cannot be converted to Boolean (at 'enableExecuteCommand')",
    ],
    ['RunTask', { ...task, tags: {} }, "Start of structure or map found where not expected (at 'tags')"],
    ['RunTask', { ...task, tags: 'a' }, "Unexpected field type (at 'tags')"],
    ['RunTask', { ...task, overrides: [] }, "Start of list found where not expected (at 'overrides')"],
    ['RunTask', { ...task, cluster: {} }, "Start of structure or map found where not expected (at 'cluster')"],
    ['DescribeTasks', { tasks: ['a', 1] }, "NUMBER_VALUE cannot be converted to String (at 'tasks[1]')"],
    [
      'RegisterTaskDefinition',
      definition({ dockerLabels: { 'a/b': false } }),
      "FALSE_VALUE cannot be converted to String (at 'containerDefinitions[0].dockerLabels.a/b')",
    ],
    [
      'SubmitTaskStateChange',
      { pullStartedAt: '2024-01-01' },
      "STRING_VALUE cannot be converted to Timestamp (at 'pullStartedAt')",
    ],
    [
      'SubmitTaskStateChange',
      { pullStartedAt: 1e300 },
      "NUMBER_VALUE cannot be converted to Timestamp (at 'pullStartedAt')",
    ],
    ['RunTask', [], 'Start of list found where not expected'],
  ])('%s %j', (operation, input, message) => {
    expect(validateInput(operation, input)).toEqual({ type: 'SerializationException', message, httpStatus: 400 });
  });

  test('even if a value before it is out of range', () => {
    const input = { launchType: 'MAINFRAME', capacityProviderStrategy: [{ weight: -1 }], count: 'two' };
    expect(validateInput('RunTask', input)?.type).toBe('SerializationException');
  });
});

describe('a value that the model does not allow', () => {
  test.each<[string, unknown, string, string]>([
    ['RunTask', {}, 'InvalidParameterException', 'taskDefinition can not be null.'],
    ['DescribeTasks', {}, 'InvalidParameterException', 'Tasks cannot be empty.'],
    ['DescribeTasks', { tasks: [null] }, 'InvalidParameterException', 'tasks[0] can not be null.'],
    ['StartTask', task, 'InvalidParameterException', 'Container Instances cannot be empty.'],
    ['RegisterTaskDefinition', {}, 'ClientException', 'Family can not be blank.'],
    ['RegisterTaskDefinition', { family: 'web' }, 'ClientException', 'Container list cannot be empty.'],
    ['DescribeTaskDefinition', {}, 'ClientException', 'taskDefinition can not be null.'],
    [
      'RunTask',
      { ...task, capacityProviderStrategy: [{ capacityProvider: 'a', base: -1 }] },
      'InvalidParameterException',
      'capacityProviderStrategy[0].base must be at least 0',
    ],
    [
      'TagResource',
      { resourceArn: 'a', tags: [{ key: 'a\n', value: '' }] },
      'InvalidParameterException',
      'tags[0].key contains invalid characters.',
    ],
    [
      'TagResource',
      { resourceArn: 'a', tags: [{ key: '', value: '' }] },
      'InvalidParameterException',
      'tags[0].key must have at least 1 characters.',
    ],
    [
      'TagResource',
      { resourceArn: 'a', tags: Array.from({ length: 51 }, (_, i) => ({ key: `k${i}` })) },
      'InvalidParameterException',
      'tags can have at most 50 items.',
    ],
    [
      'CreateGateway',
      { name: 'a', infrastructureRoleArn: 'b', configuration: {} },
      'InvalidParameterException',
      'configuration must have exactly one member.',
    ],
  ])('%s %j', (operation, input, type, message) => {
    expect(validateInput(operation, input)).toEqual({ type, message, httpStatus: 400 });
  });

  test('is not repeated at full length', () => {
    expect(validateInput('RunTask', { ...task, launchType: 'x'.repeat(100_000) })?.message.length).toBeLessThan(500);
    const labels = { ['x'.repeat(100_000)]: 1 };
    expect(validateInput('RegisterTaskDefinition', definition({ dockerLabels: labels }))?.message.length).toBeLessThan(
      500,
    );
  });
});

describe('an unknown enum value', () => {
  const WINDOWS = ['2004_CORE', '2016_FULL', '2019_CORE', '2019_FULL', '2022_CORE', '2022_FULL', '2025_CORE']
    .concat(['2025_FULL', '20H2_CORE'])
    .map((version) => `WINDOWS_SERVER_${version}`);
  const anyOf = (...values: string[]) => `should be one of [${values.join(',')}]`;
  const launchTypes = 'launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]';
  const platform = (members: object, ...requiresCompatibilities: string[]) => ({
    ...definition({ name: 'a' }),
    requiresCompatibilities,
    runtimePlatform: members,
  });

  test.each<[string, unknown, string]>([
    ['RunTask', { ...task, launchType: 'Fargate' }, launchTypes],
    ['CreateService', { serviceName: 'a', launchType: 'x' }, launchTypes],
    ['ListServices', { launchType: 'x' }, launchTypes],
    ['ListServices', { schedulingStrategy: 'x' }, 'Scheduling strategy should be one of [REPLICA,DAEMON]'],
    ['RunTask', { ...task, propagateTags: 'x' }, 'propagateTags should be one of [TASK_DEFINITION,SERVICE,NONE]'],
    ['DescribeServices', { services: [], include: ['TAGS', 'x'] }, 'include should be one of [TAGS]'],
    [
      'RunTask',
      { ...task, placementStrategy: [{ type: 'spread' }, { type: 'Spread' }] },
      `placementStrategy[1].type ${anyOf('binpack', 'random', 'spread')}`,
    ],
    ['ListTasks', { desiredStatus: 'running' }, `desiredStatus ${anyOf('PENDING', 'RUNNING', 'STOPPED')}`],
    ['UpdateClusterSettings', { cluster: 'a', settings: [{ name: 'x', value: 'y' }] }, "Invalid setting 'name'"],
    [
      'CreateService',
      {
        serviceName: 'a',
        deploymentConfiguration: {
          deploymentCircuitBreaker: {
            enable: true,
            rollback: true,
            thresholdConfiguration: { type: 'x', value: 1 },
          },
        },
      },
      'Invalid deployment circuit breaker threshold type.',
    ],
  ])('%s %j', (operation, input, message) => {
    expect(validateInput(operation, input)).toEqual({ type: 'InvalidParameterException', message, httpStatus: 400 });
  });

  test.each<[string, unknown, string]>([
    [
      'DescribeTaskDefinition',
      { taskDefinition: 'a', include: ['BOGUS'] },
      'BOGUS is not a valid value for include. The value must be one of [[TAGS]]',
    ],
    ['RegisterTaskDefinition', platform({ cpuArchitecture: 'BOGUS' }), 'Invalid CPU architecture'],
    [
      'RegisterTaskDefinition',
      platform({ operatingSystemFamily: 'BOGUS' }, 'EC2', 'FARGATE'),
      'Tasks using the Fargate launch type are not supported on operating system family BOGUS',
    ],
    [
      'RegisterTaskDefinition',
      platform({ operatingSystemFamily: 'BOGUS' }, 'EC2'),
      `runtimePlatform.operatingSystemFamily ${anyOf('LINUX', ...WINDOWS)}`,
    ],
    [
      'RegisterTaskDefinition',
      definition({ portMappings: [{ protocol: 'icmp' }] }),
      `containerDefinitions[0].portMappings[0].protocol ${anyOf('tcp', 'udp')}`,
    ],
  ])('of a task definition: %s %j', (operation, input, message) => {
    expect(validateInput(operation, input)).toEqual({ type: 'ClientException', message, httpStatus: 400 });
  });
});

test('an operation that does not exist is a broken invariant', () => {
  expect(() => validateInput('Nope', {})).toThrow('no operation Nope');
});
