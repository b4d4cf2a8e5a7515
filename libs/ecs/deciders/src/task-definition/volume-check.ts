import { isName } from '#libs/ecs/messages';
import type { Rejection, TaskDefinitionInput, Volume } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { firstRefusal } from './first-refusal.ts';

/** Volumes by themselves; who mounts them is checked with the containers. */
export function checkVolumes(input: TaskDefinitionInput): Rejection | null {
  const names = new Set<string>();
  const volumes = input.volumes ?? [];
  if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1) {
    return clientError('A task definition can have only one volume that is configured at launch.');
  }
  return firstRefusal(volumes, (volume) => {
    const { name = '' } = volume;
    if (!isName(name)) return clientError(`Invalid volume name: '${name}'.`);
    if (names.has(name)) return clientError(`The volume name '${name}' is not unique.`);
    names.add(name);
    return (
      checkKinds(name, volume) ??
      checkDockerVolume(name, volume.dockerVolumeConfiguration) ??
      checkEfsVolume(volume.efsVolumeConfiguration)
    );
  });
}

const KINDS = [
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  's3filesVolumeConfiguration',
] as const;

/** A host without a path is what consoles write beside every other kind. */
function checkKinds(name: string, volume: Volume): Rejection | null {
  const kinds: string[] = KINDS.filter((kind) => volume[kind] !== undefined);
  if (volume.host?.sourcePath !== undefined) kinds.push('host.sourcePath');
  if (volume.configuredAtLaunch === true) kinds.push('configuredAtLaunch');
  return kinds.length > 1 ? clientError(`Volume '${name}' can have only one of ${kinds.join(', ')}.`) : null;
}

function checkDockerVolume(name: string, docker: Volume['dockerVolumeConfiguration']): Rejection | null {
  if (docker?.autoprovision !== true || docker.scope === 'shared') return null;
  return clientError(`Volume '${name}': autoprovision is only valid for volumes of scope 'shared'.`);
}

function checkEfsVolume(efs: Volume['efsVolumeConfiguration']): Rejection | null {
  if (efs === undefined) return null;
  const { authorizationConfig: authorization, rootDirectory = '/' } = efs;
  const isEncrypted = efs.transitEncryption === 'ENABLED';
  if (!isEncrypted && authorization?.iam === 'ENABLED') {
    return clientError('EFS IAM authorization requires TransitEncryption to be enabled.');
  }
  if (!isEncrypted && efs.transitEncryptionPort !== undefined) {
    return clientError('TransitEncryptionPort requires that TransitEncryption is enabled.');
  }
  const accessPoint = authorization?.accessPointId ?? '';
  if (accessPoint !== '' && rootDirectory !== '/' && rootDirectory !== '') {
    return clientError('When using an EFS access point, the root directory must either be set to "/" or be omitted.');
  }
  return null;
}
