import type { VolumeCreateOptions } from 'dockerode';
import type { OwnContainerSpec } from '#libs/container-runtime';
import type { Volume } from '#libs/ecs/messages';

/** Digits at the end of a task volume's name. */
const NAME_HEX_DIGITS = 20;
const TASK_VOLUME = /^ecs-.+-\d+-.+-[0-9a-f]{20}$/;

/**
 * `mountPoints` as Docker's `source:path[:ro]`: a host path, a shared volume by its own name, or a
 * volume of the task's own, which Docker makes with the first container and `remove` takes away with the last.
 */
export function bindsOf(spec: OwnContainerSpec): string[] {
  return (spec.container.mountPoints ?? []).flatMap(({ containerPath: path, sourceVolume: name, readOnly }) => {
    if (path === undefined || name === undefined) return [];
    return [`${sourceOf(spec, name)}:${path}${readOnly === true ? ':ro' : ''}`];
  });
}

/**
 * Volumes that have to be made before the container because the definition gives them options or labels; Docker makes all
 * others by itself. A shared one without autoprovision belongs to the host's owner.
 */
export function volumesToCreate(spec: OwnContainerSpec): readonly VolumeCreateOptions[] {
  return (spec.container.mountPoints ?? []).flatMap(({ sourceVolume: name = '' }) => {
    const {
      driver = 'local',
      driverOpts,
      labels,
      scope,
      autoprovision,
    } = volumeOf(spec, name)?.dockerVolumeConfiguration ?? {};
    const isOurs = scope !== 'shared' || autoprovision === true;
    if (!isOurs || Object.keys({ ...driverOpts, ...labels }).length === 0) return [];
    return [{ Name: sourceOf(spec, name), Driver: driver, DriverOpts: { ...driverOpts }, Labels: { ...labels } }];
  });
}

function volumeOf({ taskDefinition: { volumes = [] } }: OwnContainerSpec, name: string): Volume | undefined {
  return volumes.find((candidate) => candidate.name === name);
}

function sourceOf(spec: OwnContainerSpec, name: string): string {
  const volume = volumeOf(spec, name);
  const hostPath = volume?.host?.sourcePath;
  if (hostPath !== undefined) return hostPath;
  if (volume?.dockerVolumeConfiguration?.scope === 'shared') return name;
  const { family, revision } = spec.taskDefinition;
  const plainName = name.replace(/[^A-Za-z0-9-]/g, '');
  return `ecs-${family}-${revision}-${plainName}-${spec.taskId.slice(0, NAME_HEX_DIGITS)}`;
}

/** Whether a volume belongs to one task, and goes when the task goes. */
export function isTaskVolume(name: string): boolean {
  return TASK_VOLUME.test(name);
}
