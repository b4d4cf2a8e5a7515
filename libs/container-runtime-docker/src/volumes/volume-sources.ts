import type { VolumeCreateOptions } from 'dockerode';
import type { OwnContainerSpec } from '#libs/container-runtime';
import type { Volume, WantedVolume } from '#libs/ecs/messages';
import { efsSourceOf } from './file-systems.ts';
import type { EfsSource, FileSystems } from './file-systems.ts';

/** Digits at the end of a task volume's name. */
const NAME_HEX_DIGITS = 20;
const TASK_VOLUME = /^ecs-.+-\d+-.+-[0-9a-f]{20}$/;

/** Where the data of a volume is. */
export type VolumeSource =
  /** A folder of the engine's machine, which makes it if it is not there. */
  | { readonly kind: 'host'; readonly path: string }
  /** A volume of the engine, which is made unless it is there. Without options the engine makes it by itself. */
  | { readonly kind: 'volume'; readonly name: string; readonly create: VolumeCreateOptions | null }
  /** A volume of the engine that belongs to the owner of the host. */
  | { readonly kind: 'existing'; readonly name: string }
  | { readonly kind: 'launch'; readonly wanted: WantedVolume }
  | Exclude<EfsSource, { readonly kind: 'nfs' }>;

/** A volume in a container. */
export interface MountedVolume {
  readonly source: VolumeSource;
  readonly containerPath: string;
  readonly isReadOnly: boolean;
}

/** The `mountPoints` of a container. */
export function mountedVolumesOf(spec: OwnContainerSpec, fileSystems: FileSystems): readonly MountedVolume[] {
  return (spec.container.mountPoints ?? []).flatMap(({ containerPath, sourceVolume: name, readOnly }) => {
    if (containerPath === undefined || name === undefined) return [];
    return [{ source: sourceOf(spec, name, fileSystems), containerPath, isReadOnly: readOnly === true }];
  });
}

function sourceOf(spec: OwnContainerSpec, name: string, fileSystems: FileSystems): VolumeSource {
  const volume = spec.taskDefinition.volumes?.find((candidate) => candidate.name === name);
  const hostPath = volume?.host?.sourcePath;
  if (hostPath !== undefined) return { kind: 'host', path: hostPath };
  if (volume?.configuredAtLaunch === true) return launchSourceOf(spec, name);
  const ownName = taskVolumeName(spec, name);
  if (volume?.efsVolumeConfiguration !== undefined) {
    const source = efsSourceOf(volume.efsVolumeConfiguration, fileSystems);
    if (source.kind !== 'nfs') return source;
    return { kind: 'volume', name: ownName, create: { Name: ownName, Driver: 'local', DriverOpts: source.driverOpts } };
  }
  return dockerSourceOf(volume?.dockerVolumeConfiguration, name, ownName);
}

function dockerSourceOf(
  configuration: Volume['dockerVolumeConfiguration'],
  sharedName: string,
  ownName: string,
): VolumeSource {
  if (configuration === undefined) return { kind: 'volume', name: ownName, create: null };
  const { driver = 'local', driverOpts, labels, scope, autoprovision } = configuration;
  if (scope === 'shared' && autoprovision !== true) return { kind: 'existing', name: sharedName };
  const name = scope === 'shared' ? sharedName : ownName;
  return {
    kind: 'volume',
    name,
    create: { Name: name, Driver: driver, DriverOpts: { ...driverOpts }, Labels: { ...labels } },
  };
}

function launchSourceOf({ volumeConfigurations }: OwnContainerSpec, name: string): VolumeSource {
  const wanted = volumeConfigurations.find((candidate) => candidate.name === name);
  return wanted === undefined
    ? { kind: 'refused', reason: `the volume ${name} was not configured at launch` }
    : { kind: 'launch', wanted };
}

/** As ECS names it, with digits that follow from the task. */
function taskVolumeName({ taskDefinition: { family, revision }, taskId }: OwnContainerSpec, name: string): string {
  const plainName = name.replace(/[^A-Za-z0-9-]/g, '');
  return `ecs-${family}-${revision}-${plainName}-${taskId.slice(0, NAME_HEX_DIGITS)}`;
}

/** Whether a volume belongs to one task, and goes when the task goes. */
export function isTaskVolume(name: string): boolean {
  return TASK_VOLUME.test(name);
}
