import { describe, expect, test } from '@jest/globals';
import { rolesOf } from './roles.ts';

describe('--roles', () => {
  test('is a list of roles', () => {
    expect([...rolesOf('gateway, writer')]).toEqual(['gateway', 'writer']);
  });

  test.each(['', 'gateway,', 'reader'])('%j is refused with the roles that there are', (text) => {
    expect(() => rolesOf(text)).toThrow(/is not a role; the roles are gateway, writer, projections/);
  });
});
