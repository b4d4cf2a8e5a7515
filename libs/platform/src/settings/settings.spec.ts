import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { readSettings, SettingsProblem } from './settings.ts';

describe('readSettings', () => {
  test('has a default for everything', () => {
    expect(readSettings({})).toMatchObject({
      port: 8420,
      account: '000000000000',
      region: 'us-east-1',
      logLevel: 'info',
    });
  });

  test('reads the environment; empty means absent', () => {
    const env = { WAYBILL_PORT: '0', WAYBILL_ACCOUNT: '123456789012', AWS_REGION: '', WAYBILL_HOME: '/x' };
    expect(readSettings(env)).toMatchObject({ home: '/x', port: 0, account: '123456789012', region: 'us-east-1' });
  });

  test.each([
    [{ WAYBILL_PORT: '70000' }, /port/],
    [{ WAYBILL_PORT: 'x' }, /port/],
    [{ WAYBILL_ACCOUNT: '42' }, /WAYBILL_ACCOUNT must be 12 digits/],
    [{ AWS_REGION: 'not a region' }, /AWS_REGION/],
    [{ WAYBILL_LOG_LEVEL: 'loud' }, /WAYBILL_LOG_LEVEL/],
  ])('refuses %j', (env, message) => {
    expect(() => readSettings(env)).toThrow(SettingsProblem);
    expect(() => readSettings(env)).toThrow(message);
  });
});
