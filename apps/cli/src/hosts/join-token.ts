import type { HostLaunchType } from '#libs/ecs/messages';
import { sha256 } from '#libs/platform';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';

/** Everything that a new host needs to join, as one word. */
export interface JoinToken {
  readonly urls: readonly string[];
  readonly user: string;
  readonly password: string;
  readonly instanceId: string;
  readonly cluster: string;
  readonly region: string;
  readonly launchTypes: readonly HostLaunchType[] | null;
  /** By the clock of the machine that made it (ms). */
  readonly expiresAt: number;
  /** Certificate of the authority that signed the server's, PEM; null: not needed. */
  readonly ca: string | null;
}

const PREFIX = 'waybill-join-1';
const CHECKSUM_CHARACTERS = 8;

export function joinTokenText(token: JoinToken): string {
  const body = Buffer.from(JSON.stringify(token)).toString('base64url');
  return [PREFIX, body, checksum(body)].join('.');
}

/** @throws CliProblem for what is no token, or only a part of one */
export function parseJoinToken(text: string): JoinToken {
  const [prefix = '', body = '', sum = '', ...others] = text.trim().split('.');
  if (!prefix.startsWith('waybill-join-')) {
    throw new CliProblem(
      'that is no join token: `waybill agent token` on the control plane’s machine makes one',
      EXIT.usage,
    );
  }
  if (prefix !== PREFIX) {
    throw new CliProblem(
      `this version does not understand tokens of the kind ${prefix}: use the same version on both machines`,
    );
  }
  if (others.length > 0 || sum !== checksum(body)) {
    throw new CliProblem('the token is not whole: copy all of its one line', EXIT.usage);
  }
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as JoinToken;
}

/** Against a copy that lost a part, not against forgery: the password in it is what NATS checks. */
function checksum(body: string): string {
  return sha256(body).slice(0, CHECKSUM_CHARACTERS);
}
