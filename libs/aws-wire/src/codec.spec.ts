import { describe, expect, test } from '@jest/globals';
import { decodeRequest, JSON_DEPTH_MAX } from './codec.ts';
import { BODY_BYTES_MAX } from './framework-errors.ts';

const RunTask = { name: 'RunTask' };
const RegisterTaskDefinition = { name: 'RegisterTaskDefinition' };
const CreateService = { name: 'CreateService' };

describe('decodeRequest', () => {
  test('reads bytes and text alike', () => {
    const text = '{"taskDefinition":"wäb:1"}';
    expect(decodeRequest(RunTask, text)).toEqual({ taskDefinition: 'wäb:1' });
    expect(decodeRequest(RunTask, Buffer.from(text))).toEqual({ taskDefinition: 'wäb:1' });
    expect(decodeRequest(RunTask, new Uint8Array(Buffer.from(text)))).toEqual({ taskDefinition: 'wäb:1' });
  });

  test('takes an empty body as an empty input', () => {
    expect(decodeRequest({ name: 'ListClusters' }, '')).toEqual({});
    expect(decodeRequest({ name: 'ListClusters' }, new Uint8Array())).toEqual({});
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
    expect(decodeRequest(RunTask, body)).toMatchObject({ type: 'SerializationException', httpStatus: 400 });
  });

  test('refuses bytes that are not UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"cluster":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(decodeRequest(RunTask, body)).toMatchObject({ type: 'SerializationException' });
  });

  test('never repeats the body in the error, which may hold secrets', () => {
    expect(decodeRequest(RunTask, '{"value":"s3cret"')).toMatchObject({
      message: 'The request body is not valid JSON.',
    });
  });

  test('takes a body of the largest size and refuses one byte more', () => {
    const bodyOf = (bytes: number) => Buffer.from(`{"group":"${'x'.repeat(bytes - '{"group":""}'.length)}"}`);
    expect(decodeRequest(RunTask, bodyOf(BODY_BYTES_MAX))).toHaveProperty('group');
    expect(decodeRequest(RunTask, bodyOf(BODY_BYTES_MAX + 1))).toMatchObject({
      type: 'RequestEntityTooLargeException',
      httpStatus: 413,
    });
  });

  test('refuses a body that nests too deep to be walked, and counts no bracket inside a string', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(decodeRequest(RunTask, nested(JSON_DEPTH_MAX))).toHaveProperty('a');
    expect(decodeRequest(RunTask, nested(JSON_DEPTH_MAX + 1))).toMatchObject({ type: 'SerializationException' });
    expect(decodeRequest(RunTask, '['.repeat(500_000))).toMatchObject({ type: 'SerializationException' });
    expect(decodeRequest(RunTask, JSON.stringify({ group: `\\"${'['.repeat(200)}` }))).toHaveProperty('group');
  });

  describe('drops what means absent', () => {
    test('members that are null, at every level', () => {
      const body =
        '{"cluster":null,"taskDefinition":"web","overrides":{"cpu":null,"containerOverrides":[{"name":"a","cpu":null}]}}';
      expect(decodeRequest(RunTask, body)).toEqual({
        taskDefinition: 'web',
        overrides: { containerOverrides: [{ name: 'a' }] },
      });
    });

    test.each([
      ['a token, an enum and an ARN', RunTask, { taskDefinition: 'web' }, { clientToken: '', launchType: '' }],
      [
        'a cluster, a group and a starter',
        RunTask,
        { taskDefinition: 'web' },
        { cluster: '', group: '', startedBy: '' },
      ],
      ['roles', RegisterTaskDefinition, { family: 'a' }, { taskRoleArn: '', executionRoleArn: '', networkMode: '' }],
      ['what lists are asked by', { name: 'ListTasks' }, {}, { family: '', desiredStatus: '', nextToken: '' }],
    ])('optional members that are empty strings: %s', (_, operation, given, empty) => {
      expect(decodeRequest(operation, JSON.stringify({ ...given, ...empty }))).toEqual(given);
    });

    test('empty strings below the first level', () => {
      const body = {
        serviceName: 'web',
        placementStrategy: [{ type: 'random', field: '' }],
        loadBalancers: [{ loadBalancerName: '', containerName: 'a', targetGroupArn: '' }],
      };
      expect(decodeRequest(CreateService, JSON.stringify(body))).toEqual({
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
      expect(decodeRequest(RegisterTaskDefinition, JSON.stringify(members))).toEqual(members);
    });

    test('nor a namespace that removes the default, nor the value of a setting', () => {
      const members = {
        cluster: 'a',
        serviceConnectDefaults: { namespace: '' },
        settings: [{ name: 'containerInsights', value: '' }],
      };
      expect(decodeRequest({ name: 'UpdateCluster' }, JSON.stringify(members))).toEqual(members);
    });

    test('nor an empty string where the model has no string', () => {
      expect(decodeRequest(RunTask, '{"count":""}')).toEqual({ count: '' });
    });

    test('but not from required members, lists, maps and free documents', () => {
      expect(decodeRequest({ name: 'TagResource' }, '{"resourceArn":"","tags":[null]}')).toEqual({
        resourceArn: '',
        tags: [null],
      });
      const hooks = '{"deploymentConfiguration":{"lifecycleHooks":[{"hookDetails":{"roleArn":"","a":null}}]}}';
      expect(decodeRequest(CreateService, hooks)).toEqual(JSON.parse(hooks));
    });

    test('nor by the name of something that every object has', () => {
      expect(decodeRequest(RunTask, '{"constructor":null,"__proto__":null}')).toEqual(
        JSON.parse('{"constructor":null,"__proto__":null}'),
      );
    });
  });
});
