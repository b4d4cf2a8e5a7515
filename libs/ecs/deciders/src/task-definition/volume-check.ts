import { isName } from '#libs/ecs/messages';
import type { Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { firstRefusal } from './first-refusal.ts';
import { listOf, memberOf, textOf } from './opaque-members.ts';

/** Volumes by themselves; who mounts them is checked with the containers. */
export function checkVolumes(input: TaskDefinitionInput): Rejection | null {
  const names = new Set<string>();
  return firstRefusal(listOf(input, 'volumes'), (volume) => {
    const name = textOf(volume, 'name') ?? '';
    if (!isName(name)) return clientError(`Invalid volume name: '${name}'.`);
    if (names.has(name)) return clientError(`The volume name '${name}' is not unique.`);
    names.add(name);
    return (
      checkKinds(name, volume) ??
      checkDockerVolume(name, memberOf(volume, 'dockerVolumeConfiguration')) ??
      checkEfsVolume(volume)
    );
  });
}

const KINDS = [
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  's3filesVolumeConfiguration',
];

/** A host without a path is what consoles write beside every other kind. */
function checkKinds(name: string, volume: unknown): Rejection | null {
  const kinds = KINDS.filter((kind) => memberOf(volume, kind) !== undefined);
  if (textOf(memberOf(volume, 'host'), 'sourcePath') !== undefined) kinds.push('host.sourcePath');
  if (memberOf(volume, 'configuredAtLaunch') === true) kinds.push('configuredAtLaunch');
  return kinds.length > 1 ? clientError(`Volume '${name}' can have only one of ${kinds.join(', ')}.`) : null;
}

function checkDockerVolume(name: string, docker: unknown): Rejection | null {
  if (memberOf(docker, 'autoprovision') !== true || textOf(docker, 'scope') === 'shared') return null;
  return clientError(`Volume '${name}': autoprovision is only valid for volumes of scope 'shared'.`);
}

function checkEfsVolume(volume: unknown): Rejection | null {
  const efs = memberOf(volume, 'efsVolumeConfiguration');
  const authorization = memberOf(efs, 'authorizationConfig');
  const isEncrypted = textOf(efs, 'transitEncryption') === 'ENABLED';
  if (!isEncrypted && textOf(authorization, 'iam') === 'ENABLED') {
    return clientError('EFS IAM authorization requires TransitEncryption to be enabled.');
  }
  if (!isEncrypted && memberOf(efs, 'transitEncryptionPort') !== undefined) {
    return clientError('TransitEncryptionPort requires that TransitEncryption is enabled.');
  }
  const accessPoint = textOf(authorization, 'accessPointId') ?? '';
  const rootDirectory = textOf(efs, 'rootDirectory') ?? '/';
  if (accessPoint !== '' && rootDirectory !== '/' && rootDirectory !== '') {
    return clientError('When using an EFS access point, the root directory must either be set to "/" or be omitted.');
  }
  return null;
}
