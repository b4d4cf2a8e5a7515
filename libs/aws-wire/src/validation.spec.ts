import { describe, expect, test } from '@jest/globals';
import { ecsOperations } from './operations.ts';
import { validateInput } from './validation.ts';

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

  test('compiles the check of every operation', () => {
    for (const name of ecsOperations.keys()) expect(validateInput(name, [])?.type).toBe('SerializationException');
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
    ['DescribeTasks', { tasks: ['a', 1] }, "NUMBER_VALUE cannot be converted to String (at 'tasks.2.member')"],
    [
      'RegisterTaskDefinition',
      definition({ dockerLabels: { 'a/b': false } }),
      "FALSE_VALUE cannot be converted to String (at 'containerDefinitions.1.member.dockerLabels.a/b')",
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
  const detected = (text: string) => `1 validation error detected: ${text}`;

  test.each<[string, unknown, string, string]>([
    [
      'RunTask',
      {},
      'InvalidParameterException',
      detected("Value at 'taskDefinition' failed to satisfy constraint: Member must not be null"),
    ],
    ['DescribeTasks', {}, 'InvalidParameterException', 'Tasks cannot be empty.'],
    [
      'DescribeTasks',
      { tasks: [null] },
      'InvalidParameterException',
      detected("Value at 'tasks.1.member' failed to satisfy constraint: Member must not be null"),
    ],
    ['StartTask', task, 'InvalidParameterException', 'Container Instances cannot be empty.'],
    ['RegisterTaskDefinition', {}, 'ClientException', 'Family can not be blank.'],
    ['RegisterTaskDefinition', { family: 'web' }, 'ClientException', 'Container list cannot be empty.'],
    [
      'DescribeTaskDefinition',
      {},
      'ClientException',
      detected("Value at 'taskDefinition' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'RunTask',
      { ...task, placementStrategy: [{ type: 'Spread' }] },
      'InvalidParameterException',
      detected(
        "Value 'Spread' at 'placementStrategy.1.member.type' failed to satisfy constraint: Member must satisfy enum value set: [binpack, random, spread]",
      ),
    ],
    [
      'RunTask',
      { ...task, capacityProviderStrategy: [{ capacityProvider: 'a', base: -1 }] },
      'InvalidParameterException',
      detected(
        "Value '-1' at 'capacityProviderStrategy.1.member.base' failed to satisfy constraint: Member must have value greater than or equal to 0",
      ),
    ],
    [
      'TagResource',
      { resourceArn: 'a', tags: [{ key: 'a\n', value: '' }] },
      'InvalidParameterException',
      detected(
        "Value 'a\n' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)",
      ),
    ],
    [
      'TagResource',
      { resourceArn: 'a', tags: [{ key: '', value: '' }] },
      'InvalidParameterException',
      detected(
        "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    ],
    [
      'TagResource',
      { resourceArn: 'a', tags: Array.from({ length: 51 }, (_, i) => ({ key: `k${i}` })) },
      'InvalidParameterException',
      detected("Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"),
    ],
    [
      'CreateGateway',
      { name: 'a', infrastructureRoleArn: 'b', configuration: {} },
      'InvalidParameterException',
      detected("Value at 'configuration' failed to satisfy constraint: Exactly one member of the union must be set"),
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

test('an operation that does not exist is a broken invariant', () => {
  expect(() => validateInput('Nope', {})).toThrow('no input schema');
});
