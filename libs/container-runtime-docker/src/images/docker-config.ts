import { readFile } from 'node:fs/promises';
import { member, textMember } from '../engine/untyped-members.ts';
import { authProblem } from './registry-credentials.ts';
import type { RegistryLogin } from './registry-credentials.ts';

/** What the owner of the host has for registries, whatever task asks: for images without `repositoryCredentials`. */
export interface HostLogins {
  /** @param registry its host and port, `docker.io` for Docker Hub @throws RuntimeProblem ResourceInitializationError */
  of(registry: string): Promise<RegistryLogin | undefined>;
}

/**
 * The logins of a `config.json` of the Docker command line (ECS_ENGINE_AUTH_TYPE dockercfg is its member `auths`), read
 * again for each pull.
 */
export function dockerConfigLogins(path: string): HostLogins {
  return {
    async of(registry) {
      let config: unknown;
      try {
        config = JSON.parse(await readFile(path, 'utf8'));
      } catch (error) {
        // A parser's message shows a part of the text, which is secret.
        const why = textMember(error, 'code') ?? 'not JSON';
        throw authProblem(`the Docker configuration of this host cannot be used: ${why}`);
      }
      return loginIn(config, registry);
    },
  };
}

/** @throws RuntimeProblem ResourceInitializationError: there is a login, but in a form that is not served */
export function loginIn(config: unknown, registry: string): RegistryLogin | undefined {
  const auths = member(config, 'auths');
  const key = Object.keys(typeof auths === 'object' && auths !== null ? auths : {}).find(
    (name) => hostOf(name) === registry,
  );
  const helper = textMember(member(config, 'credHelpers'), registry);
  if (key === undefined && helper === undefined) return undefined;
  const entry = key === undefined ? undefined : member(auths, key);
  const [username = '', ...rest] = Buffer.from(textMember(entry, 'auth') ?? '', 'base64')
    .toString('utf8')
    .split(':');
  const login = {
    username: textMember(entry, 'username') ?? username,
    password: textMember(entry, 'password') ?? rest.join(':'),
  };
  if (helper === undefined && login.username !== '' && login.password !== '') return login;
  throw authProblem(`the login of this host for ${registry} is not in its Docker configuration itself`);
}

/** Docker's keys are hosts or URLs: `https://index.docker.io/v1/` is Docker Hub. */
function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}
