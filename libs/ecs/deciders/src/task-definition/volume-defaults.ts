import { memberOf } from './opaque-members.ts';

/** A volume of no kind is a directory that the host makes; the others get the members that ECS fills in. */
export function filledVolumes(volumes: unknown): readonly unknown[] {
  return Array.isArray(volumes) ? volumes.map(filledVolume) : [];
}

function filledVolume(volume: unknown): unknown {
  if (typeof volume !== 'object' || volume === null) return volume;
  if (Object.keys(volume).every((member) => member === 'name')) return { ...volume, host: {} };
  return {
    ...volume,
    ...withDefault(volume, 'dockerVolumeConfiguration', { scope: 'task' }),
    ...withDefault(volume, 'efsVolumeConfiguration', { rootDirectory: '/' }),
  };
}

function withDefault(volume: object, kind: string, defaults: object): object {
  const configuration = memberOf(volume, kind);
  return typeof configuration === 'object' ? { [kind]: { ...defaults, ...configuration } } : {};
}
