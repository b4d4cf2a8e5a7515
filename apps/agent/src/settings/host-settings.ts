import type { DockerRuntimeOptions } from '#libs/container-runtime-docker';
import { SettingsProblem } from '#libs/platform';

/** What the owner of the host decides about its containers. */
export type HostSettings = Pick<DockerRuntimeOptions, 'privileged' | 'fileSystems' | 'gpuIds' | 'isolation'>;

/**
 * Reads WAYBILL_DISABLE_PRIVILEGED (`true`: no container gets all rights on the host) and WAYBILL_EFS (where EFS file systems
 * are, `{"fs-123": "/srv/files", "fs-456": "nfs-server:/export", "*": "/srv/efs"}`), WAYBILL_GPU_IDS (`0,1`; those that the
 * driver shows) and WAYBILL_ISOLATION (`process`, or `gvisor` for FARGATE tasks). An empty variable counts as absent.
 * @throws SettingsProblem
 */
export function readHostSettings(env: NodeJS.ProcessEnv): HostSettings {
  const gpuIds = (env['WAYBILL_GPU_IDS'] ?? '').split(',').flatMap((id) => id.trim() || []);
  return {
    ...(gpuIds.length === 0 ? {} : { gpuIds }),
    isolation: isolationOf(env['WAYBILL_ISOLATION'] || 'process'),
    privileged: !isSet(env, 'WAYBILL_DISABLE_PRIVILEGED'),
    fileSystems: fileSystemsOf(env['WAYBILL_EFS'] || '{}'),
  };
}

function isolationOf(text: string): 'process' | 'gvisor' {
  if (text !== 'process' && text !== 'gvisor') throw new SettingsProblem('WAYBILL_ISOLATION must be process or gvisor');
  return text;
}

function isSet(env: NodeJS.ProcessEnv, name: string): boolean {
  const text = env[name] || 'false';
  if (text !== 'true' && text !== 'false') throw new SettingsProblem(`${name} must be true or false`);
  return text === 'true';
}

/** A folder of this host, or one of an NFS server; what `*` stands for are folders below a folder. */
const PLACE = /^(\/.+|([^/:]+|\[[0-9A-Fa-f:]+\]):\/.*)$/;

function fileSystemsOf(text: string): Readonly<Record<string, string>> {
  const problem = new SettingsProblem(
    'WAYBILL_EFS must be a JSON object of folders by file system, e.g. {"fs-123": "/srv/files", "*": "/srv/efs"}',
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw problem;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw problem;
  return Object.fromEntries(
    Object.entries(parsed).map(([id, place]) => {
      if (typeof place !== 'string' || !PLACE.test(place)) throw problem;
      if (id === '*' && !place.startsWith('/')) throw problem;
      return [id, place];
    }),
  );
}
