import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST_LAUNCH_TYPES_DEFAULT, type HostLaunchType } from '#libs/ecs/messages';
import { FileDamaged, readTextFile, writePrivateFile } from '#libs/platform';
import type { DeskCredentials } from './desk-messages.ts';
import type { JoinToken } from './join-token.ts';

/** What a machine that joins keeps of it; the passwords are in it. */
export interface JoinedHost {
  readonly instanceId: string;
  /** Drawn before the token is used, so that a lost answer can be asked for again. */
  readonly machine: string;
  readonly cluster: string;
  readonly region: string;
  readonly launchTypes: readonly HostLaunchType[] | null;
  readonly urls: readonly string[];
  readonly caFile: string | null;
  /** Null: the token was not used successfully yet. */
  readonly credentials: { readonly agent: DeskCredentials; readonly host: DeskCredentials } | null;
}

const MACHINE_BYTES = 16;

const fileOf = (home: string): string => join(home, 'agent', 'host.json');
const caFileOf = (home: string): string => join(home, 'agent', 'nats-ca.pem');

/** Null: this data folder has joined nothing. @throws FileDamaged */
export async function readJoinedHost(home: string): Promise<JoinedHost | null> {
  const text = await readTextFile(fileOf(home));
  if (text === null) return null;
  try {
    return JSON.parse(text) as JoinedHost;
  } catch {
    throw new FileDamaged(fileOf(home), 'remove it, and join with a new token');
  }
}

export async function writeJoinedHost(home: string, host: JoinedHost): Promise<void> {
  await writePrivateFile(fileOf(home), `${JSON.stringify(host, null, 2)}\n`);
}

/** What is known before the token is used. */
export async function beginJoining(home: string, token: JoinToken): Promise<JoinedHost> {
  const { instanceId, cluster, region, launchTypes, urls, ca } = token;
  const caFile = ca === null ? null : caFileOf(home);
  if (ca !== null) await writePrivateFile(caFileOf(home), ca);
  const machine = randomBytes(MACHINE_BYTES).toString('hex');
  const host: JoinedHost = { instanceId, machine, cluster, region, launchTypes, urls, caFile, credentials: null };
  await writeJoinedHost(home, host);
  return host;
}

export async function forgetJoining(home: string): Promise<void> {
  for (const file of [fileOf(home), caFileOf(home)]) await rm(file, { force: true });
}

/** The agent's environment on a host that has joined; what the caller's own has besides goes along. */
export function joinedAgentEnv(home: string, host: JoinedHost): NodeJS.ProcessEnv {
  const { instanceId, cluster, region, launchTypes, urls, caFile, credentials } = host;
  return {
    WAYBILL_HOME: home,
    WAYBILL_STACK_HOME: home,
    WAYBILL_CLUSTER: cluster,
    WAYBILL_INSTANCE_ID: instanceId,
    WAYBILL_LAUNCH_TYPES: (launchTypes ?? HOST_LAUNCH_TYPES_DEFAULT).join(','),
    AWS_REGION: region,
    NATS_URL: urls.join(','),
    NATS_USER: credentials?.agent.user,
    NATS_PASSWORD: credentials?.agent.password,
    NATS_CREDS: undefined,
    NATS_CA: caFile ?? undefined,
  };
}
