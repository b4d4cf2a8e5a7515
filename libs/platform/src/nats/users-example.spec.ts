import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { accountsBlock } from './accounts.ts';
import {
  agentUser,
  auditorUser,
  controlPlaneUser,
  followerUser,
  gatewayUser,
  principalUser,
  rootUser,
} from './permissions.ts';

const example = readFileSync('deploy/nats/users.conf.example', 'utf8')
  .split('\n')
  .filter((line) => !line.trimStart().startsWith('#'))
  .join('\n');
const users = [
  controlPlaneUser(),
  gatewayUser(),
  rootUser(),
  auditorUser(),
  followerUser(),
  agentUser('default', 'host-1'),
  principalUser('deployer'),
];

/** Every quoted text behind a word, up to the end of its list or block. */
function quoted(text: string, behind: RegExp): readonly string[] {
  const from = text.search(behind);
  const list = from === -1 ? '' : text.slice(from, text.indexOf(']', from));
  return [...list.matchAll(/"([^"]+)"/g)].map(([, subject = '']) => subject).sort();
}

describe('deploy/nats/users.conf.example says what the product’s own nats-server is configured with', () => {
  test.each(users.map((user) => [user.name, user] as const))('%s', (name, { permissions, account }) => {
    const from = example.indexOf(`user: "${name}"`);
    const end = example.indexOf('user: "', from + 1);
    const block = example.slice(from, end === -1 ? undefined : end);
    expect(quoted(block, /publish/)).toEqual([...permissions.publish.allow].sort());
    expect(quoted(block, /subscribe/)).toEqual([...permissions.subscribe.allow].sort());
    expect(block).toContain('deny: $WAYBILL_DENIED');
    expect(quoted(example, /WAYBILL_DENIED: \[/)).toEqual([...permissions.publish.deny].sort());
    expect(
      example
        .slice(0, from)
        .match(/^ {2}[A-Z]+(?= \{)/gm)
        ?.at(-1)
        ?.trim(),
    ).toBe(account);
  });

  test('what the accounts share', () => {
    // The same members in the same order, whatever the punctuation.
    const words = (text: string): readonly string[] => text.match(/[\w$.*>-]+/g) ?? [];
    const block = accountsBlock(() => []) as Record<string, Record<string, unknown>>;
    for (const [account, list] of [
      ['WAYBILL', 'exports'],
      ['WAYBILL', 'imports'],
      ['CLIENTS', 'imports'],
      ['AUDIT', 'imports'],
      ['EVENTS', 'imports'],
      ['EVENTS', 'exports'],
      ['FOLLOWERS', 'imports'],
    ] as const) {
      const from = example.indexOf(list, example.search(new RegExp(`^ {2}${account} `, 'm')));
      const lines = example.slice(from + list.length, example.indexOf('\n    ]', from));
      expect(words(lines)).toEqual(words(JSON.stringify(block[account]?.[list])));
    }
  });
});
