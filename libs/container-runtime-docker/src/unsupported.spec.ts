import { describe, expect, test } from '@jest/globals';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { containerSpecOf } from '#libs/testing';
import { unsupportedFeature } from './unsupported.ts';

const featureOf = (container: Partial<ContainerDefinition>, taskDefinition: Partial<TaskDefinition> = {}) =>
  unsupportedFeature(containerSpecOf({ instanceId: 'i', image: 'app:1' }, container, taskDefinition));
const ofVolume = (volume: object) => featureOf({}, { volumes: [{ name: 'v', ...volume }] });
const ofLogs = (logConfiguration: object) => featureOf({ logConfiguration });

describe('what this runtime cannot give is named', () => {
  test.each([
    ['networkMode awsvpc', featureOf({}, { networkMode: 'awsvpc' })],
    ['pidMode task', featureOf({}, { pidMode: 'task' })],
    ['ipcMode task', featureOf({}, { ipcMode: 'task' })],
    ['taskRoleArn', featureOf({}, { taskRoleArn: 'arn' })],
    ['proxyConfiguration', featureOf({}, { proxyConfiguration: {} })],
    ['ephemeralStorage', featureOf({}, { ephemeralStorage: { sizeInGiB: 21 } })],
    ['enableFaultInjection', featureOf({}, { enableFaultInjection: true })],
    ['efsVolumeConfiguration', ofVolume({ efsVolumeConfiguration: {} })],
    ['configuredAtLaunch', ofVolume({ configuredAtLaunch: true })],
    ['volume driver rexray', ofVolume({ dockerVolumeConfiguration: { driver: 'rexray' } })],
    ['secrets', featureOf({ secrets: [{}] })],
    ['environmentFiles', featureOf({ environmentFiles: [{}] })],
    ['resourceRequirements', featureOf({ resourceRequirements: [{}] })],
    ['credentialSpecs', featureOf({ credentialSpecs: ['a'] })],
    ['repositoryCredentials', featureOf({ repositoryCredentials: {} })],
    ['firelensConfiguration', featureOf({ firelensConfiguration: {} })],
    ['restartPolicy', featureOf({ restartPolicy: { enabled: true } })],
    ['secretOptions', ofLogs({ logDriver: 'json-file', secretOptions: [{}] })],
    ['log driver awslogs', ofLogs({ logDriver: 'awslogs' })],
    ['log driver awsfirelens', ofLogs({ logDriver: 'awsfirelens' })],
    ['containerPortRange', featureOf({ portMappings: [{ containerPortRange: '80-90' }] })],
  ])('%s', (expected, feature) => {
    expect(feature).toBe(expected);
  });

  test('and nothing else', () => {
    expect(featureOf({ secrets: [], restartPolicy: { enabled: false }, healthCheck: { command: ['NONE'] } })).toBe(
      undefined,
    );
    expect(featureOf({}, { networkMode: 'host', pidMode: 'host', ipcMode: 'none', enableFaultInjection: false })).toBe(
      undefined,
    );
    expect(ofVolume({ dockerVolumeConfiguration: { scope: 'shared' } })).toBe(undefined);
    expect(ofLogs({ logDriver: 'json-file' })).toBe(undefined);
  });
});
