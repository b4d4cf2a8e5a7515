import type { ContainerSpec } from '#libs/container-runtime';
import { listMember, member, textMember } from './opaque.ts';

/**
 * What the definition asks for and this runtime cannot give. Most of it never gets here, because placement misses the
 * capability; the rest fails with a reason instead of running as something else.
 */
export function unsupportedFeature({ container, taskDefinition }: ContainerSpec): string | undefined {
  const mode = taskDefinition.networkMode ?? 'bridge';
  if (mode !== 'bridge' && mode !== 'host' && mode !== 'none') return `networkMode ${mode}`;
  for (const name of ['pidMode', 'ipcMode']) {
    const scope = textMember(taskDefinition, name);
    if (scope !== undefined && scope !== 'host' && scope !== 'none') return `${name} ${scope}`;
  }
  for (const name of ['secrets', 'environmentFiles', 'resourceRequirements', 'credentialSpecs'] as const) {
    if (listMember(container, name).length > 0) return name;
  }
  for (const name of ['repositoryCredentials', 'firelensConfiguration']) {
    if (member(container, name) !== undefined) return name;
  }
  if (container.portMappings.some((mapping) => textMember(mapping, 'containerPortRange') !== undefined)) {
    return 'containerPortRange';
  }
  for (const volume of listMember(taskDefinition, 'volumes')) {
    for (const kind of [
      'efsVolumeConfiguration',
      'fsxWindowsFileServerVolumeConfiguration',
      's3filesVolumeConfiguration',
    ]) {
      if (member(volume, kind) !== undefined) return kind;
    }
    if (member(volume, 'configuredAtLaunch') === true) return 'configuredAtLaunch';
  }
  return undefined;
}
