import type { Rejection, TaskDefinitionInput } from '#libs/contracts';
import { isName } from '../shared/names.ts';
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
    return checkDockerVolume(name, memberOf(volume, 'dockerVolumeConfiguration')) ?? checkEfsVolume(volume);
  });
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
