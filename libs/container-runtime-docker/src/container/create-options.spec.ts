import { describe, expect, test } from '@jest/globals';
import { containerSpecOf } from '#libs/testing';
import { createOptionsOf } from './create-options.ts';
import { defaultLogOf } from './host-config.ts';

const context = { instanceId: 'i', image: 'app:1' };
const optionsOf = (container: Parameters<typeof containerSpecOf>[1], engineDriver = 'json-file') =>
  createOptionsOf(containerSpecOf(context, container), { defaultLog: defaultLogOf(engineDriver) });

describe('command and entry point', () => {
  test.each([
    ['both empty', { entryPoint: [], command: [] }, undefined, undefined],
    ['an empty entry point', { entryPoint: [], command: ['a'] }, undefined, ['a']],
    ['an empty command', { entryPoint: ['e'], command: [] }, ['e'], undefined],
    ['neither', {}, undefined, undefined],
  ])('%s: an empty list is what the image says', (_name, container, Entrypoint, Cmd) => {
    const options = optionsOf(container);
    expect([options.Entrypoint, options.Cmd]).toEqual([Entrypoint, Cmd]);
  });
});

test('a variable without a value is empty', () => {
  expect(optionsOf({ environment: [{ name: 'A' }, { name: 'B', value: '' }, { name: 'C', value: '1' }] }).Env).toEqual([
    'A=',
    'B=',
    'C=1',
  ]);
});

describe('health check', () => {
  test.each([
    [
      ['CMD-SHELL', 'true'],
      ['CMD-SHELL', 'true'],
    ],
    [
      ['CMD', 'true'],
      ['CMD', 'true'],
    ],
    [['NONE'], ['NONE']],
    // As Amazon documents its collector for OpenTelemetry.
    [['/healthcheck'], ['CMD', '/healthcheck']],
    [undefined, ['NONE']],
  ])('%j is run as %j', (command, expected) => {
    expect(optionsOf(command === undefined ? {} : { healthCheck: { command } }).Healthcheck?.Test).toEqual(expected);
  });
});

describe('log configuration', () => {
  const bounded = { Type: 'json-file', Config: { 'max-size': '50m', 'max-file': '2' } };
  test.each([
    ['none given: the engine keeps its files bounded', {}, 'json-file', bounded],
    ['none given, another default driver: untouched', {}, 'journald', undefined],
    [
      'given: untouched',
      { logConfiguration: { logDriver: 'json-file' as const, options: { 'max-file': '9' } } },
      'json-file',
      { Type: 'json-file', Config: { 'max-file': '9' } },
    ],
  ])('%s', (_name, container, engineDriver, expected) => {
    expect(optionsOf(container, engineDriver).HostConfig?.LogConfig).toEqual(expected);
  });
});
