import { open } from 'node:fs/promises';
import { RuntimeProblem } from '#libs/container-runtime';
import { member, textMember } from '../engine/untyped-members.ts';

/** A user of a registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Where the secrets are that `repositoryCredentials` of container definitions name. */
export interface RegistryCredentials {
  /**
   * @param parameter `credentialsParameter`: a secret's ARN, or its name
   * @returns undefined: there is no such secret
   * @throws RuntimeProblem ResourceInitializationError when the source cannot be read
   */
  of(parameter: string): Promise<RegistryLogin | undefined>;
}

const OTHERS = 0o077;

export interface FileRegistryCredentials extends RegistryCredentials {
  /** @throws RuntimeProblem when the file cannot be used as it is now */
  check(): Promise<void>;
}

/**
 * Credentials in a JSON file, `{ "<credentialsParameter>": { "username": "…", "password": "…" } }`. It is read again for
 * each pull that needs it, so that a changed password counts at once. A file that others than its owner may read is not
 * used.
 */
export function fileRegistryCredentials(path: string): FileRegistryCredentials {
  return {
    check: async () => void (await readPrivateJson(path)),
    async of(parameter) {
      const login = member(await readPrivateJson(path), parameter);
      if (login === undefined) return undefined;
      const username = textMember(login, 'username');
      const password = textMember(login, 'password');
      if (username === undefined || password === undefined) throw unreadable('an entry lacks username or password');
      return { username, password };
    },
  };
}

async function readPrivateJson(path: string): Promise<unknown> {
  let text: string;
  try {
    const file = await open(path);
    try {
      if (((await file.stat()).mode & OTHERS) !== 0) throw unreadable('only its owner may have access (mode 0600)');
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    // The code alone: a path of the host is nothing that a task's reason should show.
    throw error instanceof RuntimeProblem ? error : unreadable(textMember(error, 'code') ?? 'it cannot be read');
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message shows a part of the text, which is secret.
    throw unreadable('not JSON');
  }
}

function unreadable(why: string): RuntimeProblem {
  return authProblem(`the file of this host's registry credentials cannot be used: ${why}`);
}

/** ECS's words for registry credentials that cannot be had. Another attempt would end in the same way. */
export function authProblem(why: string): RuntimeProblem {
  const detail = `unable to pull secrets or registry auth: ${why}`;
  return new RuntimeProblem('ResourceInitializationError', detail, false);
}
