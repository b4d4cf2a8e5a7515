import { randomBytes } from 'node:crypto';
import { FileDamaged } from '../file-damaged.ts';
import { readJsonFile, writePrivateFile } from '../private-files.ts';
import { natsPaths } from './home-files.ts';
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

/** The credentials of a home as the last start left them, or null if it never had any. @throws FileDamaged */
export async function readNatsCredentials(home: string): Promise<NatsCredentialsByUser | null> {
  const path = natsPaths(home).credentials;
  const file = await readJsonFile<Partial<CredentialsFile>>(path);
  if (file === null) return null;
  if (typeof file.users !== 'object') throw new FileDamaged(path, 'the next start makes a new one');
  return file.users;
}

/**
 * Gives every user a password, keeps those that are there, and forgets users that are no longer asked for. The file can
 * be read by its owner only.
 */
export async function ensureNatsCredentials(home: string, users: readonly NatsUser[]): Promise<NatsCredentialsByUser> {
  const known = await knownCredentials(home);
  const wanted: Record<string, NatsCredentials> = {};
  for (const { name, inboxPrefix } of users) {
    const password = known[name]?.password ?? randomBytes(PASSWORD_BYTES).toString('base64url');
    wanted[name] = { user: name, password, inboxPrefix };
  }
  const file: CredentialsFile = { users: wanted };
  await writePrivateFile(natsPaths(home).credentials, `${JSON.stringify(file, null, 2)}\n`);
  return wanted;
}

/** All processes of a home take their passwords from this start, so new ones may take the place of damaged ones. */
async function knownCredentials(home: string): Promise<NatsCredentialsByUser> {
  try {
    return (await readNatsCredentials(home)) ?? {};
  } catch (error) {
    if (error instanceof FileDamaged) return {};
    throw error;
  }
}

/** @throws Error if the home knows no such user */
export function credentialsOf(credentials: NatsCredentialsByUser, user: string): NatsCredentials {
  const found = credentials[user];
  if (found === undefined) throw new Error(`no NATS user ${user}; known are ${Object.keys(credentials).join(', ')}`);
  return found;
}
