import { member, textsMember } from './untyped-members.ts';

/** What decides on the capabilities of a host besides its engine. */
export interface HostAbilities {
  /** Containers may have all rights on the host. */
  readonly privileged: boolean;
}

/** What this runtime can do for tasks on an engine with this `docker info`, as placement names it. */
export function capabilitiesOf(info: unknown, { privileged }: HostAbilities): readonly string[] {
  const volumeDrivers = textsMember(member(info, 'Plugins'), 'Volume');
  return [
    ...(privileged ? ['privileged-container'] : []),
    ...[...new Set(['local', ...volumeDrivers])].sort().map((driver) => `docker-plugin.${driver}`),
  ];
}
