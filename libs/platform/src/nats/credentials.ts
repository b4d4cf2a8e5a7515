import { randomBytes } from 'node:crypto';
import { natsPaths, readJsonFile, writePrivateFile } from './home-files.ts';
import type { NatsUser } from './permissions.ts';

/** How one user reaches the nats-server. */
export interface NatsCredentials {
  readonly user: string;
  readonly password: string;
  /** Answers may be awaited below this prefix only. */
  readonly inboxPrefix: string;
}

/** Credentials by user name. */
export type NatsCredentialsByUser = Readonly<Record<string, NatsCredentials>>;

interface CredentialsFile {
  readonly users: NatsCredentialsByUser;
}

const PASSWORD_BYTES = 32;

/** The credentials of a home as the last start left them, or null if it never had any. */
export async function readNatsCredentials(home: string): Promise<NatsCredentialsByUser | null> {
  const file = await readJsonFile<CredentialsFile>(natsPaths(home).credentials);
  return file === null ? null : file.users;
}

/**
 * Gives every user a password, keeps those that are there, and forgets users that are no longer asked for. The file can
 * be read by its owner only.
 */
export async function ensureNatsCredentials(home: string, users: readonly NatsUser[]): Promise<NatsCredentialsByUser> {
  const known = (await readNatsCredentials(home)) ?? {};
  const wanted: Record<string, NatsCredentials> = {};
  for (const { name, inboxPrefix } of users) {
    const password = known[name]?.password ?? randomBytes(PASSWORD_BYTES).toString('base64url');
    wanted[name] = { user: name, password, inboxPrefix };
  }
  const file: CredentialsFile = { users: wanted };
  await writePrivateFile(natsPaths(home).credentials, `${JSON.stringify(file, null, 2)}\n`);
  return wanted;
}

/** @throws Error if the home knows no such user */
export function credentialsOf(credentials: NatsCredentialsByUser, user: string): NatsCredentials {
  const found = credentials[user];
  if (found === undefined) throw new Error(`no NATS user ${user}; known are ${Object.keys(credentials).join(', ')}`);
  return found;
}
