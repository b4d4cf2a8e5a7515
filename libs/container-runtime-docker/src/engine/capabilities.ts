import { member, textsMember } from './untyped-members.ts';

/** What decides on the capabilities of a host besides its engine. */
export interface HostAbilities {
  /** Containers may have all rights on the host. */
  readonly privileged: boolean;
  /** It has a source of what `repositoryCredentials` name. */
  readonly registryCredentials: boolean;
  /** There are EFS file systems. */
  readonly fileSystems: boolean;
  /** Volumes that are configured at launch can be made. */
  readonly launchVolumes: boolean;
}

/** What this runtime can do for tasks on an engine with this `docker info`, as placement names it. */
export function capabilitiesOf(
  info: unknown,
  { privileged, registryCredentials, fileSystems, launchVolumes }: HostAbilities,
): readonly string[] {
  const volumeDrivers = textsMember(member(info, 'Plugins'), 'Volume');
  return [
    'container-restart-policy',
    ...(privileged ? ['privileged-container'] : []),
    ...(registryCredentials ? ['private-registry-authentication.secretsmanager'] : []),
    ...[...new Set(['local', ...volumeDrivers])].sort().map((driver) => `docker-plugin.${driver}`),
    ...(fileSystems ? ['efs', 'efsAuth'] : []),
    ...(launchVolumes ? ['storage.ebs-task-volume-attach'] : []),
  ];
}
