import { describe, expect, test } from '@jest/globals';
import { capabilitiesOf } from './capabilities.ts';

const ABILITIES = { privileged: true };

describe('what a host can do for tasks', () => {
  test('volumes by the drivers that the engine has', () => {
    expect(capabilitiesOf({ Plugins: { Volume: ['rexray', 'local'] } }, ABILITIES)).toEqual([
      'privileged-container',
      'docker-plugin.local',
      'docker-plugin.rexray',
    ]);
  });

  test('no container with all rights where the owner of the host forbids it', () => {
    expect(capabilitiesOf({}, { ...ABILITIES, privileged: false })).not.toContain('privileged-container');
  });
});
