import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import { JSON_DEPTH_MAX, readJsonInput } from './json-input.ts';
import { BODY_BYTES_MAX } from './framework-errors.ts';

const read = (operation: string, body: Uint8Array | string) => readJsonInput(ecsService, operation, body);

describe('readJsonInput', () => {
  test('reads bytes and text alike', () => {
    const text = '{"taskDefinition":"wäb:1"}';
    expect(read('RunTask', text)).toEqual({ taskDefinition: 'wäb:1' });
    expect(read('RunTask', Buffer.from(text))).toEqual({ taskDefinition: 'wäb:1' });
    expect(read('RunTask', new Uint8Array(Buffer.from(text)))).toEqual({ taskDefinition: 'wäb:1' });
  });

  test('takes an empty body as an empty input', () => {
    expect(read('ListClusters', '')).toEqual({});
    expect(read('ListClusters', new Uint8Array())).toEqual({});
  });

  test.each([
    ['cut off', '{"taskDefinition":'],
    ['two values', '{}{}'],
    ['a list', '[]'],
    ['a string', '"web"'],
    ['null', 'null'],
    ['a number', '1'],
    ['not JSON', 'Action=RunTask'],
  ])('refuses %s', (_, body) => {
    expect(read('RunTask', body)).toMatchObject({ type: 'SerializationException', httpStatus: 400 });
  });

  test('refuses bytes that are not UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"cluster":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(read('RunTask', body)).toMatchObject({ type: 'SerializationException' });
  });

  test('never repeats the body in the error, which may hold secrets', () => {
    expect(read('RunTask', '{"value":"s3cret"')).toMatchObject({
      message: 'The request body is not valid JSON.',
    });
  });

  test('takes a body of the largest size and refuses one byte more', () => {
    const bodyOf = (bytes: number) => Buffer.from(`{"group":"${'x'.repeat(bytes - '{"group":""}'.length)}"}`);
    expect(read('RunTask', bodyOf(BODY_BYTES_MAX))).toHaveProperty('group');
    expect(read('RunTask', bodyOf(BODY_BYTES_MAX + 1))).toMatchObject({
      type: 'RequestEntityTooLargeException',
      httpStatus: 413,
    });
  });

  test('refuses a body that nests too deep to be walked, and counts no bracket inside a string', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(read('RunTask', nested(JSON_DEPTH_MAX))).toHaveProperty('a');
    expect(read('RunTask', nested(JSON_DEPTH_MAX + 1))).toMatchObject({ type: 'SerializationException' });
    expect(read('RunTask', '['.repeat(500_000))).toMatchObject({ type: 'SerializationException' });
    expect(read('RunTask', JSON.stringify({ group: `\\"${'['.repeat(200)}` }))).toHaveProperty('group');
  });

  describe('drops what means absent', () => {
    test('members that are null, at every level', () => {
      const body =
        '{"cluster":null,"taskDefinition":"web","overrides":{"cpu":null,"containerOverrides":[{"name":"a","cpu":null}]}}';
      expect(read('RunTask', body)).toEqual({
        taskDefinition: 'web',
        overrides: { containerOverrides: [{ name: 'a' }] },
      });
    });

    test.each([
      ['a token, an enum and an ARN', 'RunTask', { taskDefinition: 'web' }, { clientToken: '', launchType: '' }],
      [
        'a cluster, a group and a starter',
        'RunTask',
        { taskDefinition: 'web' },
        { cluster: '', group: '', startedBy: '' },
      ],
      ['roles', 'RegisterTaskDefinition', { family: 'a' }, { taskRoleArn: '', executionRoleArn: '', networkMode: '' }],
      ['what lists are asked by', 'ListTasks', {}, { family: '', desiredStatus: '', nextToken: '' }],
    ])('optional members that are empty strings: %s', (_, operation, given, empty) => {
      expect(read(operation, JSON.stringify({ ...given, ...empty }))).toEqual(given);
    });

    test('empty strings below the first level', () => {
      const body = {
        serviceName: 'web',
        placementStrategy: [{ type: 'random', field: '' }],
        loadBalancers: [{ loadBalancerName: '', containerName: 'a', targetGroupArn: '' }],
      };
      expect(read('CreateService', JSON.stringify(body))).toEqual({
        serviceName: 'web',
        placementStrategy: [{ type: 'random' }],
        loadBalancers: [{ containerName: 'a' }],
      });
    });

    test.each([
      ['environment', { containerDefinitions: [{ environment: [{ name: 'A', value: '' }] }] }],
      ['labels', { containerDefinitions: [{ dockerLabels: { roleArn: '' } }] }],
      ['commands', { containerDefinitions: [{ command: ['sh', '-c', ''] }] }],
      [
        'kernel parameters',
        { containerDefinitions: [{ systemControls: [{ namespace: 'kernel.domainname', value: '' }] }] },
      ],
      ['tags', { tags: [{ key: '', value: '' }] }],
      ['sizes, which ECS refuses', { cpu: '', memory: '' }],
    ])('but no empty string that is a value: %s', (_, members) => {
      expect(read('RegisterTaskDefinition', JSON.stringify(members))).toEqual(members);
    });

    test('nor a namespace that removes the default, nor the value of a setting', () => {
      const members = {
        cluster: 'a',
        serviceConnectDefaults: { namespace: '' },
        settings: [{ name: 'containerInsights', value: '' }],
      };
      expect(read('UpdateCluster', JSON.stringify(members))).toEqual(members);
    });

    test('nor an empty string where the model has no string', () => {
      expect(read('RunTask', '{"count":""}')).toEqual({ count: '' });
    });

    test('but not from required members, lists, maps and free documents', () => {
      expect(read('TagResource', '{"resourceArn":"","tags":[null]}')).toEqual({
        resourceArn: '',
        tags: [null],
      });
      const hooks = '{"deploymentConfiguration":{"lifecycleHooks":[{"hookDetails":{"roleArn":"","a":null}}]}}';
      expect(read('CreateService', hooks)).toEqual(JSON.parse(hooks));
    });

    test('nor by the name of something that every object has', () => {
      expect(read('RunTask', '{"constructor":null,"__proto__":null}')).toEqual(
        JSON.parse('{"constructor":null,"__proto__":null}'),
      );
    });
  });
});
