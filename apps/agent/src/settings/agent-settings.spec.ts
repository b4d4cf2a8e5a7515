import { describe, expect, test } from '@jest/globals';
import { SettingsProblem } from '#libs/platform';
import { readAgentSettings } from './agent-settings.ts';

describe('the settings of an agent', () => {
  test('an empty environment has sensible ones', () => {
    expect(readAgentSettings({ WAYBILL_CLUSTER: '' }, 'eu-west-1')).toMatchObject({
      cluster: 'default',
      instanceId: null,
      reservedMemoryMiB: 0,
      availabilityZone: 'eu-west-1a',
      taskCleanupSeconds: 300,
      launchTypes: ['EC2', 'EXTERNAL'],
      drainOnSigterm: false,
      drainTimeoutMs: 600_000,
      metadata: true,
      metricsIntervalMs: 20_000,
      customAttributes: [],
    });
  });

  test('all of them', () => {
    const env = {
      WAYBILL_CLUSTER: 'blue',
      WAYBILL_INSTANCE_ID: 'host-1',
      WAYBILL_RESERVED_MEMORY: '256',
      WAYBILL_AVAILABILITY_ZONE: 'rack-7',
      WAYBILL_TASK_CLEANUP_SECONDS: '60',
      WAYBILL_LAUNCH_TYPES: 'FARGATE, EC2',
      WAYBILL_DRAIN_ON_SIGTERM: '1',
      WAYBILL_DRAIN_TIMEOUT: '1h30m',
      WAYBILL_METADATA: '0',
      WAYBILL_METRICS_INTERVAL: '0s',
      WAYBILL_INSTANCE_ATTRIBUTES: '{"stack":"blue","ssd":""}',
    };
    expect(readAgentSettings(env, 'eu-west-1')).toMatchObject({
      cluster: 'blue',
      instanceId: 'host-1',
      reservedMemoryMiB: 256,
      availabilityZone: 'rack-7',
      taskCleanupSeconds: 60,
      launchTypes: ['FARGATE', 'EC2'],
      drainOnSigterm: true,
      drainTimeoutMs: 5_400_000,
      metadata: false,
      metricsIntervalMs: 0,
      customAttributes: [{ name: 'stack', value: 'blue' }, { name: 'ssd' }],
    });
  });

  test.each([
    ['WAYBILL_CLUSTER', 'a.b'],
    ['WAYBILL_INSTANCE_ID', 'host 1'],
    ['WAYBILL_INSTANCE_ID', 'a.>'],
    ['WAYBILL_RESERVED_MEMORY', 'lots'],
    ['WAYBILL_RESERVED_MEMORY', '-1'],
    ['WAYBILL_AVAILABILITY_ZONE', 'US EAST'],
    ['WAYBILL_TASK_CLEANUP_SECONDS', '0'],
    ['WAYBILL_LAUNCH_TYPES', 'fargate'],
    ['WAYBILL_LAUNCH_TYPES', ','],
    ['WAYBILL_DRAIN_ON_SIGTERM', 'yes'],
    ['WAYBILL_DRAIN_TIMEOUT', '90'],
    ['WAYBILL_DRAIN_TIMEOUT', '2w'],
    ['WAYBILL_METADATA', 'maybe'],
    ['WAYBILL_METRICS_INTERVAL', '20'],
    ['WAYBILL_METRICS_INTERVAL', '1h'],
    ['WAYBILL_INSTANCE_ATTRIBUTES', 'stack=blue'],
    ['WAYBILL_INSTANCE_ATTRIBUTES', '["stack"]'],
    ['WAYBILL_INSTANCE_ATTRIBUTES', '{"stack":1}'],
  ])('%s=%s is refused by name', (name, value) => {
    const read = (): unknown => readAgentSettings({ [name]: value }, 'us-east-1');
    expect(read).toThrow(SettingsProblem);
    expect(read).toThrow(name);
  });
});
