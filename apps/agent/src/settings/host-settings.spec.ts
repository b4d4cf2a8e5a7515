import { describe, expect, test } from '@jest/globals';
import { SettingsProblem } from '#libs/platform';
import { readHostSettings } from './host-settings.ts';

describe('the settings of a host', () => {
  test.each([
    ['', true],
    ['false', true],
    ['true', false],
  ])('WAYBILL_DISABLE_PRIVILEGED=%s', (text, privileged) => {
    expect(readHostSettings({ WAYBILL_DISABLE_PRIVILEGED: text })).toMatchObject({ privileged });
  });

  test('WAYBILL_EFS', () => {
    const fileSystems = { 'fs-1': '/srv/one', 'fs-2': 'files.internal:/export', '*': '/srv/efs' };
    expect(readHostSettings({ WAYBILL_EFS: JSON.stringify(fileSystems) })).toMatchObject({ fileSystems });
    expect(readHostSettings({ WAYBILL_EFS: '' })).toMatchObject({ fileSystems: {} });
  });

  test('WAYBILL_GPU_IDS and WAYBILL_ISOLATION', () => {
    expect(readHostSettings({ WAYBILL_GPU_IDS: '0, 1,', WAYBILL_ISOLATION: 'gvisor' })).toMatchObject({
      gpuIds: ['0', '1'],
      isolation: 'gvisor',
    });
    expect(readHostSettings({})).toEqual({ isolation: 'process', privileged: true, fileSystems: {} });
  });

  test.each([
    ['WAYBILL_ISOLATION', 'kata'],
    ['WAYBILL_DISABLE_PRIVILEGED', 'yes'],
    ['WAYBILL_EFS', 'fs-1=/srv'],
    ['WAYBILL_EFS', '["/srv"]'],
    ['WAYBILL_EFS', '{"fs-1":"srv"}'],
    ['WAYBILL_EFS', '{"fs-1":7}'],
    ['WAYBILL_EFS', '{"*":"files.internal:/export"}'],
  ])('%s=%s is refused', (name, text) => {
    expect(() => readHostSettings({ [name]: text })).toThrow(SettingsProblem);
  });
});
