import type { DockerRuntimeOptions } from '#libs/container-runtime-docker';
import { SettingsProblem } from '#libs/platform';
import { listOf, switchOf, textOf, textsByName } from './variables.ts';

/** What the owner of the host decides about its containers. */
export type HostSettings = Pick<DockerRuntimeOptions, 'privileged' | 'fileSystems' | 'gpuIds' | 'isolation'>;

/** A folder of this host, or one of an NFS server; what `*` stands for are folders below a folder. */
const PLACE = /^(\/.+|([^/:]+|\[[0-9A-Fa-f:]+\]):\/.*)$/;
const FILE_SYSTEMS = 'folders by file system, e.g. {"fs-123": "/srv/files", "*": "/srv/efs"}';

/**
 * Reads WAYBILL_DISABLE_PRIVILEGED (1: no container gets all rights on the host) and WAYBILL_EFS (where EFS file systems
 * are, `{"fs-123": "/srv/files", "fs-456": "nfs-server:/export", "*": "/srv/efs"}`), WAYBILL_GPU_IDS (`0,1`; those that the
 * driver shows) and WAYBILL_ISOLATION (`process`, or `gvisor` for FARGATE tasks). An empty variable counts as absent.
 * @throws SettingsProblem
 */
export function readHostSettings(env: NodeJS.ProcessEnv): HostSettings {
  const gpuIds = listOf(env, 'WAYBILL_GPU_IDS') ?? [];
  const isPlace = (place: string, id: string): boolean => PLACE.test(place) && (id !== '*' || place.startsWith('/'));
  return {
    ...(gpuIds.length === 0 ? {} : { gpuIds }),
    isolation: isolationOf(textOf(env, 'WAYBILL_ISOLATION') ?? 'process'),
    privileged: !switchOf(env, 'WAYBILL_DISABLE_PRIVILEGED', false),
    fileSystems: textsByName(env, 'WAYBILL_EFS', FILE_SYSTEMS, isPlace) ?? {},
  };
}

function isolationOf(text: string): 'process' | 'gvisor' {
  if (text !== 'process' && text !== 'gvisor') throw new SettingsProblem('WAYBILL_ISOLATION must be process or gvisor');
  return text;
}
