import { describe, expect, test } from '@jest/globals';
import { productFolder } from '#libs/platform';
import { timeOfDayText } from '../moment/moment.ts';
import { howToUse, itemText, readyLine } from './up-report.ts';
import { defaultHome } from './up-settings.ts';

const AT = new Date(2026, 2, 10, 14, 3, 5);
const TIME = timeOfDayText(AT);
const PLACE = { endpoint: 'http://127.0.0.1:8420', natsUrl: 'nats://127.0.0.1:4222', home: defaultHome() };
const KEY = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', file: '/srv/.waybill/key.json' };

describe('what waybill up says', () => {
  test('one line when it is ready', () => {
    expect(readyLine(PLACE.endpoint, 1.94)).toBe('Waybill is ready at http://127.0.0.1:8420 (1.9 s)');
  });

  test('lines to copy; the key only when it is new', () => {
    const known = howToUse(PLACE, null);
    expect(known).toContain(`/deploy/waybill.mjs env)"`);
    expect(known).toContain(productFolder());
    expect(known).toContain('aws --endpoint-url http://127.0.0.1:8420 ecs list-clusters');
    expect(known).toContain('nats --server nats://127.0.0.1:4222 micro ls');
    expect(known).not.toContain('secret');
    expect(howToUse(PLACE, KEY)).toContain('AWS_SECRET_ACCESS_KEY=secret');
  });

  test('another data folder is named, quoted', () => {
    const lines = howToUse({ ...PLACE, home: "/srv/it's here" }, null);
    expect(lines).toContain(`/deploy/waybill.mjs env --home '/srv/it'\\''s here')"`);
  });

  test.each([
    [
      { type: 'ended', process: 'agent', how: 'SIGKILL', lastLine: null, restartInSeconds: 0.1 } as const,
      `${TIME} agent ended (SIGKILL); starting it again in 0.1 s`,
    ],
    [
      { type: 'ended', process: 'agent', how: 'exit code 1', lastLine: 'FATAL no', restartInSeconds: 5 } as const,
      `${TIME} agent ended (exit code 1: FATAL no); starting it again in 5.0 s`,
    ],
    [{ type: 'back', process: 'agent', seconds: 1.23 } as const, `${TIME} agent is back (1.2 s)`],
    [{ type: 'stopped' } as const, `${TIME} stopped`],
  ])('%j', (news, expected) => {
    expect(itemText(news, AT)).toBe(expected);
  });
});
