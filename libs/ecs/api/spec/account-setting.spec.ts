import { describe, expect, test } from '@jest/globals';
import { ApiWorld } from './api-world.ts';
import { plansIn } from './plan-table.ts';

const ROOT = 'arn:aws:iam::123456789012:root';

describe('plans', () => {
  plansIn(
    () => new ApiWorld(),
    [
      ['ListAccountSettings', {}, { answer: { settings: [] } }],
      [
        'ListAccountSettings',
        { effectiveSettings: true, name: 'taskLongArnFormat' },
        { answer: { settings: [{ name: 'taskLongArnFormat', value: 'enabled', principalArn: ROOT, type: 'user' }] } },
      ],
      [
        'ListAccountSettings',
        { effectiveSettings: true, name: 'guardDutyActivate', value: 'on' },
        { answer: { settings: [] } },
      ],
      [
        'ListAccountSettings',
        { value: 'on' },
        { rejected: 'You must specify an account setting name to filter by value.' },
      ],
      ['ListAccountSettings', { maxResults: 11 }, { rejected: 'Max results can not be greater than 10' }],
    ],
  );
});

test('ListAccountSettings lists every effective setting once, page by page', () => {
  const world = new ApiWorld();
  const names: unknown[] = [];
  let nextToken: string | undefined;
  do {
    const input = { effectiveSettings: true, maxResults: 3, ...(nextToken === undefined ? {} : { nextToken }) };
    const outcome = world.run('ListAccountSettings', input);
    const page = ('output' in outcome ? outcome.output : {}) as { settings: { name: string }[]; nextToken?: string };
    names.push(...page.settings.map(({ name }) => name));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  expect(names).toHaveLength(8);
  expect(names).toEqual([...new Set(names)].sort());
});
