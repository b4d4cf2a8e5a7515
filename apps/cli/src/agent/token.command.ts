import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkClusterName, type HostLaunchType } from '#libs/ecs/messages';
import {
  connectNats,
  joiningUser,
  type NatsCredentials,
  parseDuration,
  pollUntil,
  readNatsCredentials,
  readNatsServerState,
} from '#libs/platform';
import { readHosts, writeHost } from '../hosts/host-records.ts';
import { type JoinToken, joinTokenText } from '../hosts/join-token.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { settingsWith } from '../up/up-settings.ts';

export interface TokenOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly cluster: string;
  readonly launchTypes?: readonly HostLaunchType[];
  readonly name?: string;
  readonly expires: string;
  /** Host name or address by which the new host reaches NATS, where that is not the one it listens on. */
  readonly address?: string;
}

const INSTANCE_ID_BYTES = 16;
const EXPIRES_MS_MAX = 604_800_000;
const TAKEN_UP_TIMEOUT_MS = 10_000;
const EVERY_ADDRESS = '0.0.0.0';

/** The running nats-server of a data folder. */
interface ReachedServer {
  readonly url: string;
  /** Null: loopback. */
  readonly host: string | null;
  readonly caFile: string | null;
}

/** `waybill agent token`: one word by which one new host joins. */
export async function token(options: TokenOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const { home, region } = settingsWith(options.home, env);
  const expiresMs = parseDuration(options.expires);
  if (expiresMs === null || expiresMs === 0 || expiresMs > EXPIRES_MS_MAX) {
    throw new CliProblem('--expires takes a duration of at most a week: 30m, 1h, 2d', EXIT.usage);
  }
  const refused = checkClusterName(options.cluster);
  if (refused !== null) throw new CliProblem(refused.message, EXIT.usage);
  const server = await serverOf(home);
  const url = reachableUrl(server, options.address);
  const instanceId = randomBytes(INSTANCE_ID_BYTES).toString('hex');
  const createdAt = Date.now();
  const tokenExpiresAt = createdAt + expiresMs;
  const { cluster, launchTypes = null, name = null } = options;
  const before = await readHosts(home);
  if (name !== null && before.some((host) => host.name === name)) {
    throw new CliProblem(`there is a host named ${name} already: waybill agent list`);
  }
  await writeHost(home, { instanceId, cluster, launchTypes, name, createdAt, tokenExpiresAt, joined: null });
  const { user, password } = await takenUp(home, server, instanceId);
  const ca = server.caFile === null ? null : await readFile(server.caFile, 'utf8');
  const joinToken: JoinToken = {
    urls: [url],
    user,
    password,
    instanceId,
    cluster,
    region,
    launchTypes,
    expiresAt: tokenExpiresAt,
    ca,
  };
  const text = joinTokenText(joinToken);
  const expires = new Date(tokenExpiresAt).toISOString();
  writeAnswer(terminal, options.output, {
    json: () => ({ token: text, instanceId, cluster, launchTypes, name, url, expires }),
    table: () => text,
  });
  if (options.output === 'table') {
    terminal.err(
      `for one host of cluster ${cluster}, container instance ${instanceId}, until ${expires}; on that host: waybill agent join TOKEN`,
    );
  }
  return EXIT.ok;
}

async function serverOf(home: string): Promise<ReachedServer> {
  const server = await readNatsServerState(home);
  if (server?.url === undefined) {
    throw new CliProblem(
      `Waybill does not run in ${home}: a token is made while \`waybill up\` runs`,
      EXIT.unreachable,
    );
  }
  const { url, host = null, caFile = null } = server;
  return { url, host, caFile };
}

/** @throws CliProblem where no other machine could reach it */
function reachableUrl({ url, host }: ReachedServer, address?: string): string {
  if (host === null || isLoopback(host)) {
    throw new CliProblem(
      `NATS listens on ${host ?? 'loopback'} only, where no other machine reaches it: start with \`waybill up --listen ADDRESS\`, ` +
        'an address of this machine (README.md, A second host, says what an untrusted network needs)',
    );
  }
  if (host === EVERY_ADDRESS && address === undefined) {
    throw new CliProblem(
      'NATS listens on every address: name the one that the host is to use with --address',
      EXIT.usage,
    );
  }
  const { protocol, port } = new URL(url);
  return `${protocol}//${address ?? host}:${port}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Waits until the running stack has let the new user in. @throws CliProblem */
async function takenUp(home: string, { url, caFile }: ReachedServer, instanceId: string): Promise<NatsCredentials> {
  const { name } = joiningUser(instanceId);
  try {
    return await pollUntil('the new user', TAKEN_UP_TIMEOUT_MS, async () => {
      const credentials = (await readNatsCredentials(home))?.[name];
      if (credentials === undefined) return null;
      const { user, password, inboxPrefix } = credentials;
      const ca = caFile === null ? {} : { caFile };
      const nc = await connectNats({ name: 'waybill-cli', url, user, password, inboxPrefix, ...ca }).catch(() => null);
      await nc?.close();
      return nc === null ? null : credentials;
    });
  } catch {
    throw new CliProblem(
      `the running Waybill in ${home} did not take the token up within ${TAKEN_UP_TIMEOUT_MS / 1000} s: is it of this version?`,
    );
  }
}
