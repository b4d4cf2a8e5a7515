import type { VolumeCreateOptions } from 'dockerode';
import type { ContainerSpec } from '#libs/container-runtime';
import { isTrue, listMember, member, textMapMember, textMember } from './opaque.ts';

/** Digits at the end of a task volume's name. */
const NAME_HEX_DIGITS = 20;
const TASK_VOLUME = /^ecs-.+-\d+-.+-[0-9a-f]{20}$/;

/**
 * `mountPoints` as Docker's `source:path[:ro]`: a host path, a shared volume by its own name, or a
 * volume of the task's own, which Docker makes with the first container and `remove` takes away with the last.
 */
export function bindsOf(spec: ContainerSpec): string[] {
  return listMember(spec.container, 'mountPoints').flatMap((mount) => {
    const path = textMember(mount, 'containerPath');
    const name = textMember(mount, 'sourceVolume');
    if (path === undefined || name === undefined) return [];
    return [`${sourceOf(spec, name)}:${path}${isTrue(mount, 'readOnly') ? ':ro' : ''}`];
  });
}

/**
 * Volumes that have to be made before the container because the definition gives them options or labels; Docker makes all
 * others by itself. A shared one without autoprovision belongs to the host's owner.
 */
export function volumesToCreate(spec: ContainerSpec): readonly VolumeCreateOptions[] {
  return listMember(spec.container, 'mountPoints').flatMap((mount) => {
    const name = textMember(mount, 'sourceVolume') ?? '';
    const docker = member(volumeOf(spec, name), 'dockerVolumeConfiguration');
    const DriverOpts = textMapMember(docker, 'driverOpts');
    const Labels = textMapMember(docker, 'labels');
    const isOurs = textMember(docker, 'scope') !== 'shared' || isTrue(docker, 'autoprovision');
    if (!isOurs || Object.keys({ ...DriverOpts, ...Labels }).length === 0) return [];
    return [{ Name: sourceOf(spec, name), Driver: textMember(docker, 'driver') ?? 'local', DriverOpts, Labels }];
  });
}

function volumeOf(spec: ContainerSpec, name: string): unknown {
  return listMember(spec.taskDefinition, 'volumes').find((candidate) => textMember(candidate, 'name') === name);
}

function sourceOf(spec: ContainerSpec, name: string): string {
  const volume = volumeOf(spec, name);
  const hostPath = textMember(member(volume, 'host'), 'sourcePath');
  if (hostPath !== undefined) return hostPath;
  if (textMember(member(volume, 'dockerVolumeConfiguration'), 'scope') === 'shared') return name;
  const { family, revision } = spec.taskDefinition;
  const plainName = name.replace(/[^A-Za-z0-9-]/g, '');
  return `ecs-${family}-${revision}-${plainName}-${spec.taskId.slice(0, NAME_HEX_DIGITS)}`;
}

/** Whether a volume belongs to one task, and goes when the task goes. */
export function isTaskVolume(name: string): boolean {
  return TASK_VOLUME.test(name);
}
