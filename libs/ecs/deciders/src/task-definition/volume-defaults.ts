import type { Volume } from '#libs/ecs/messages';

/** A volume of no kind is a directory that the host makes; the others get the members that ECS fills in. */
export function filledVolumes(volumes: readonly Volume[] = []): readonly Volume[] {
  return volumes.map(filledVolume);
}

function filledVolume(volume: Volume): Volume {
  if (Object.keys(volume).every((member) => member === 'name')) return { ...volume, host: {} };
  const { dockerVolumeConfiguration: docker, efsVolumeConfiguration: efs } = volume;
  return {
    ...volume,
    ...(docker === undefined ? {} : { dockerVolumeConfiguration: { scope: 'task', ...docker } }),
    ...(efs === undefined ? {} : { efsVolumeConfiguration: { rootDirectory: '/', ...efs } }),
  };
}
