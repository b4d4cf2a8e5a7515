import { describe, expect, test } from '@jest/globals';
import { SettingsProblem } from '#libs/platform';
import { readImageSettings } from './image-settings.ts';

const MINUTE_MS = 60_000;

describe('the settings of images', () => {
  test("an empty environment has ECS's defaults", () => {
    expect(readImageSettings({ WAYBILL_IMAGE_PULL_BEHAVIOR: '', WAYBILL_REGISTRY_CREDENTIALS: '' })).toEqual({
      behavior: 'default',
      limits: { totalMs: 120 * MINUTE_MS, inactivityMs: MINUTE_MS },
      cleanup: { intervalMs: 30 * MINUTE_MS, minimumAgeMs: 60 * MINUTE_MS, imagesPerCycleMax: 5, excluded: [] },
    });
  });

  test('all of them', () => {
    const env = {
      WAYBILL_IMAGE_PULL_BEHAVIOR: 'once',
      WAYBILL_IMAGE_PULL_TIMEOUT: '30m',
      WAYBILL_IMAGE_PULL_INACTIVITY_TIMEOUT: '90s',
      WAYBILL_REGISTRY_CREDENTIALS: '/etc/waybill/registries.json',
      WAYBILL_DOCKER_CONFIG: '/etc/waybill/config.json',
      WAYBILL_IMAGE_CLEANUP_INTERVAL: '10m',
      WAYBILL_IMAGE_MINIMUM_CLEANUP_AGE: '1m',
      WAYBILL_NUM_IMAGES_DELETE_PER_CYCLE: '9',
      WAYBILL_IMAGE_CLEANUP_EXCLUDE: 'base:1, registry.example/base',
    };
    expect(readImageSettings(env)).toEqual({
      behavior: 'once',
      limits: { totalMs: 30 * MINUTE_MS, inactivityMs: 1.5 * MINUTE_MS },
      credentialsFile: '/etc/waybill/registries.json',
      dockerConfigFile: '/etc/waybill/config.json',
      cleanup: {
        intervalMs: 10 * MINUTE_MS,
        minimumAgeMs: MINUTE_MS,
        imagesPerCycleMax: 9,
        excluded: ['base:1', 'registry.example/base'],
      },
    });
  });

  test('what is preferred from the cache stays there', () => {
    expect(readImageSettings({ WAYBILL_IMAGE_PULL_BEHAVIOR: 'prefer-cached' }).cleanup).toBeUndefined();
  });

  test.each([
    ['WAYBILL_IMAGE_PULL_BEHAVIOR', 'never'],
    ['WAYBILL_IMAGE_PULL_TIMEOUT', 'long'],
    ['WAYBILL_IMAGE_PULL_INACTIVITY_TIMEOUT', '0s'],
    ['WAYBILL_IMAGE_CLEANUP_INTERVAL', '9m'],
    ['WAYBILL_IMAGE_CLEANUP_INTERVAL', '8d'],
    ['WAYBILL_IMAGE_MINIMUM_CLEANUP_AGE', '59s'],
    ['WAYBILL_NUM_IMAGES_DELETE_PER_CYCLE', '0'],
  ])('%s=%s is refused by name', (name, value) => {
    const read = (): unknown => readImageSettings({ [name]: value });
    expect(read).toThrow(SettingsProblem);
    expect(read).toThrow(name);
  });
});
