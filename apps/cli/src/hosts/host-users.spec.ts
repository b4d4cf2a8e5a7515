import { expect, test } from '@jest/globals';
import type { HostRecord } from './host-records.ts';
import { hostUsers, isForgotten, nextExpiry } from './host-users.ts';

const PENDING: HostRecord = {
  instanceId: 'a',
  cluster: 'default',
  launchTypes: null,
  name: null,
  createdAt: 0,
  tokenExpiresAt: 100,
  joined: null,
};
const JOINED: HostRecord = { ...PENDING, instanceId: 'b', joined: { machine: 'm', hostname: 'h', at: 50 } };

const names = (hosts: readonly HostRecord[], now: number): readonly string[] =>
  hostUsers(hosts, now).map(({ name }) => name);

test('a token is good until it expires, an agent for longer', () => {
  expect(names([PENDING, JOINED], 99)).toEqual(['join-a', 'join-b', 'agent-b', 'host-b']);
  expect(names([PENDING, JOINED], 100)).toEqual(['agent-b', 'host-b']);
});

test('an unused token is forgotten when it expires, a used one is not', () => {
  expect([PENDING, JOINED].map((host) => isForgotten(host, 100))).toEqual([true, false]);
  expect(isForgotten(PENDING, 99)).toBe(false);
});

test('the next expiry', () => {
  expect(nextExpiry([PENDING, { ...JOINED, tokenExpiresAt: 70 }], 60)).toBe(70);
  expect(nextExpiry([PENDING], 100)).toBeNull();
});
