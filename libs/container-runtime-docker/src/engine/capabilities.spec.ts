import { describe, expect, test } from '@jest/globals';
import { capabilitiesOf } from './capabilities.ts';

const ABILITIES = {
  privileged: true,
  registryCredentials: false,
  fileSystems: false,
  launchVolumes: false,
};

describe('what a host can do for tasks', () => {
  test('volumes by the drivers that the engine has', () => {
    expect(capabilitiesOf({ Plugins: { Volume: ['rexray', 'local'] } }, ABILITIES)).toEqual([
      'container-restart-policy',
      'privileged-container',
      'docker-plugin.local',
      'docker-plugin.rexray',
    ]);
  });

  test('volumes that the host has been given the means for', () => {
    expect(
      capabilitiesOf({}, { privileged: false, registryCredentials: false, fileSystems: true, launchVolumes: true }),
    ).toEqual(['container-restart-policy', 'docker-plugin.local', 'efs', 'efsAuth', 'storage.ebs-task-volume-attach']);
  });

  test('no container with all rights where the owner of the host forbids it', () => {
    expect(capabilitiesOf({}, { ...ABILITIES, privileged: false })).not.toContain('privileged-container');
  });

  test('private registries with a source of their credentials', () => {
    const capability = 'private-registry-authentication.secretsmanager';
    expect(capabilitiesOf({}, ABILITIES)).not.toContain(capability);
    expect(capabilitiesOf({}, { ...ABILITIES, registryCredentials: true })).toContain(capability);
  });
});
