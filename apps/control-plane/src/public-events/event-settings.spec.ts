import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { SettingsProblem } from '#libs/platform';
import { readEventSettings } from './event-settings.ts';

const MEBIBYTE = 1_048_576;

test('events are kept in memory for a day unless something else is asked for', () => {
  const { structuredCopies, limits } = readEventSettings({ WAYBILL_EVENTS_STORAGE: '' });
  expect(structuredCopies).toBe(false);
  expect(limits).toEqual({ storage: 'memory', ageSecondsMax: 86_400, bytesMax: 16 * MEBIBYTE });
});

test('a file may hold more', () => {
  const env = { WAYBILL_EVENTS_STORAGE: 'file', WAYBILL_EVENTS_AGE_HOURS_MAX: '168' };
  expect(readEventSettings({ ...env, WAYBILL_STRUCTURED_CLOUDEVENTS: '1' })).toMatchObject({ structuredCopies: true });
  expect(readEventSettings(env).limits).toEqual({
    storage: 'file',
    ageSecondsMax: 604_800,
    bytesMax: 1_024 * MEBIBYTE,
  });
});

test.each([
  [{ WAYBILL_EVENTS_STORAGE: 'disk' }, 'WAYBILL_EVENTS_STORAGE must be memory or file'],
  [{ WAYBILL_EVENTS_AGE_HOURS_MAX: '0' }, 'at least 1'],
  [{ WAYBILL_EVENTS_AGE_HOURS_MAX: '1.5' }, 'whole number of hours'],
  [{ WAYBILL_EVENTS_BYTES_MAX: '1024' }, '1 MiB'],
  [{ WAYBILL_EVENTS_BYTES_MAX: 'much' }, 'whole number of bytes'],
])('%j is refused', (env, message) => {
  expect(() => readEventSettings(env)).toThrow(SettingsProblem);
  expect(() => readEventSettings(env)).toThrow(message);
});
