import { describe, expect, test } from '@jest/globals';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { containerSpecOf } from '#libs/testing';
import { unsupportedFeature } from './unsupported.ts';

const featureOf = (container: Partial<ContainerDefinition>, taskDefinition: Partial<TaskDefinition> = {}) =>
  unsupportedFeature(containerSpecOf({ instanceId: 'i', image: 'app:1' }, container, taskDefinition));
const ofVolume = (volume: object) => featureOf({}, { volumes: [{ name: 'v', ...volume }] });
const ofLogs = (logConfiguration: ContainerDefinition['logConfiguration']) =>
  featureOf(logConfiguration === undefined ? {} : { logConfiguration });

describe('what this runtime cannot give is named', () => {
  test.each([
    ['taskRoleArn', featureOf({}, { taskRoleArn: 'arn' })],
    ['proxyConfiguration', featureOf({}, { proxyConfiguration: { containerName: 'proxy' } })],
    ['enableFaultInjection', featureOf({}, { enableFaultInjection: true })],
    ['fsxWindowsFileServerVolumeConfiguration', ofVolume({ fsxWindowsFileServerVolumeConfiguration: {} })],
    ['s3filesVolumeConfiguration', ofVolume({ s3filesVolumeConfiguration: {} })],
    ['secrets', featureOf({ secrets: [{ name: 'A', valueFrom: '/a' }] })],
    ['environmentFiles', featureOf({ environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }] })],
    [
      'resourceRequirements of type NeuronDevice',
      featureOf({ resourceRequirements: [{ type: 'NeuronDevice', value: 'ALL' }] }),
    ],
    [
      'sharingStrategy',
      featureOf({ resourceRequirements: [{ type: 'GPU', sharingStrategy: { nvidiaMps: { memory: 1 } } }] }),
    ],
    ['credentialSpecs', featureOf({ credentialSpecs: ['a'] })],
    ['firelensConfiguration', featureOf({ firelensConfiguration: { type: 'fluentbit' } })],
    ['secretOptions', ofLogs({ logDriver: 'json-file', secretOptions: [{ name: 'A', valueFrom: '/a' }] })],
    ['log driver awslogs', ofLogs({ logDriver: 'awslogs' })],
    ['log driver awsfirelens', ofLogs({ logDriver: 'awsfirelens' })],
  ])('%s', (expected, feature) => {
    expect(feature).toBe(expected);
  });

  test('privileged only where the owner of the host forbids it', () => {
    const spec = containerSpecOf({ instanceId: 'i', image: 'app:1' }, { privileged: true });
    expect(unsupportedFeature(spec)).toBe(undefined);
    expect(unsupportedFeature(spec, { privileged: false })).toBe('privileged');
  });

  test('and nothing else', () => {
    expect(featureOf({ secrets: [], restartPolicy: { enabled: true }, healthCheck: { command: ['NONE'] } })).toBe(
      undefined,
    );
    expect(featureOf({}, { networkMode: 'host', pidMode: 'host', ipcMode: 'none', enableFaultInjection: false })).toBe(
      undefined,
    );
    expect(featureOf({}, { networkMode: 'awsvpc', pidMode: 'task', ipcMode: 'task' })).toBe(undefined);
    expect(ofVolume({ dockerVolumeConfiguration: { scope: 'shared' } })).toBe(undefined);
    expect(featureOf({ resourceRequirements: [{ type: 'GPU', value: '1' }] })).toBe(undefined);
    expect(ofLogs({ logDriver: 'json-file' })).toBe(undefined);
  });
});
