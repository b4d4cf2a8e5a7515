import { SettingsProblem } from '#libs/platform';

/**
 * What a process does. `gateway`: the API over HTTP and NATS. `writer`: runs for the lease, and writes, answers agents and
 * publishes events while it has it. `projections`: the views, and nothing else; the other two bring them along.
 */
export const ROLES = ['gateway', 'writer', 'projections'] as const;

export type Role = (typeof ROLES)[number];

/** The roles in a text like `gateway,writer`. @throws SettingsProblem */
export function rolesOf(text: string): ReadonlySet<Role> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !ROLES.some((role) => role === name));
  if (unknown.length > 0) {
    throw new SettingsProblem(
      `--roles ${text}: ${unknown.join(', ') || 'nothing'} is not a role; the roles are ${ROLES.join(', ')}`,
    );
  }
  return new Set(names as Role[]);
}
