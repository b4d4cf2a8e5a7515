import { hostname } from 'node:os';
import type Docker from 'dockerode';
import { member, textMember } from './untyped-members.ts';

/**
 * Whether the engine runs on this machine and names its files as this process does: reached by a socket of this machine,
 * and with this machine's name. An agent in a container has a name of its own.
 * @param info what `docker info` shows
 */
export function isLocalEngine(docker: Docker, info: unknown): boolean {
  // A path, or the function that finds it.
  return member(docker.modem, 'socketPath') !== undefined && textMember(info, 'Name') === hostname();
}
