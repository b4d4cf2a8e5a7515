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

  test('what is not understood is refused', () => {
    expect(() => readHostSettings({ WAYBILL_DISABLE_PRIVILEGED: 'yes' })).toThrow(SettingsProblem);
  });
});
