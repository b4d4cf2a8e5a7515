import type { DockerRuntimeOptions } from '#libs/container-runtime-docker';
import { SettingsProblem } from '#libs/platform';

/** What the owner of the host decides about its containers. */
export type HostSettings = Pick<DockerRuntimeOptions, 'privileged'>;

/**
 * Reads WAYBILL_DISABLE_PRIVILEGED (`true`: no container gets all rights on the host). An empty variable counts as absent.
 * @throws SettingsProblem
 */
export function readHostSettings(env: NodeJS.ProcessEnv): HostSettings {
  return { privileged: !isSet(env, 'WAYBILL_DISABLE_PRIVILEGED') };
}

function isSet(env: NodeJS.ProcessEnv, name: string): boolean {
  const text = env[name] || 'false';
  if (text !== 'true' && text !== 'false') throw new SettingsProblem(`${name} must be true or false`);
  return text === 'true';
}
