import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join as pathOf } from 'node:path';
import { text } from 'node:stream/consumers';
import type { HostLaunchType } from '#libs/ecs/messages';
import { readNatsCredentials } from '#libs/platform';
import { hosts as subjects } from '#libs/subjects';
import { AgentRun } from '../hosts/agent-run.ts';
import { askDesk } from '../hosts/ask-desk.ts';
import type { JoinAnswer, JoinRequest } from '../hosts/desk-messages.ts';
import { type JoinToken, parseJoinToken } from '../hosts/join-token.ts';
import {
  beginJoining,
  forgetJoining,
  joinedAgentEnv,
  type JoinedHost,
  readJoinedHost,
  writeJoinedHost,
} from '../hosts/joined-host.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import type { Terminal } from '../shell/terminal.ts';
import { untilSignalled } from '../up/stop-signals.ts';
import { upReporter } from '../up/up-report.ts';
import { settingsWith } from '../up/up-settings.ts';
import { examineHost, warningsOf } from './doctor/checks.ts';
import { hostProbe } from './doctor/host-probe.ts';
import { ensureEngine } from './ensure-engine.ts';
import { installUnit } from './systemd.ts';

export interface JoinOptions {
  readonly home?: string;
  readonly pool?: 'fargate';
  readonly systemd?: boolean;
  readonly yes?: boolean;
  readonly json: boolean;
}

/** `waybill agent join`: this machine becomes a host of the token's cluster, and its agent runs. The same again changes nothing. */
export async function join(
  tokenText: string | undefined,
  options: JoinOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { home } = settingsWith(options.home, env);
  await refuseControlPlane(home);
  // Other users of the machine see command lines.
  const word = tokenText === '-' ? await text(process.stdin) : tokenText;
  const asked = word === undefined ? null : ofPool(parseJoinToken(word), options.pool);
  const known = await knownHost(home, asked);
  const dockerHost = await ensureEngine(env, options.yes === true);
  const isJoined = known !== null && known.credentials !== null;
  const host = !isJoined && asked !== null ? await useToken(home, known, asked) : known;
  if (host === null || host.credentials === null) {
    throw new CliProblem(`${home} has not joined anything yet: waybill agent join TOKEN`, EXIT.usage);
  }
  const dockerEnv = dockerHost === null ? env : { ...env, DOCKER_HOST: dockerHost };
  const reports = await examineHost(await hostProbe(home, dockerEnv));
  for (const line of warningsOf(reports)) terminal.err(`this host lacks something: ${line}`);
  const agentEnv = { ...dockerEnv, ...joinedAgentEnv(home, host) };
  if (options.systemd === true) {
    await installUnit(home, agentEnv);
    terminal.out(`the agent of container instance ${host.instanceId} runs as waybill-agent.service`);
    return EXIT.ok;
  }
  return await runAgent(home, host, agentEnv, options.json, terminal);
}

/** Its own agent runs with `waybill up`, and its credentials are another's. */
async function refuseControlPlane(home: string): Promise<void> {
  if ((await readNatsCredentials(home)) === null && !existsSync(pathOf(home, 'hosts'))) return;
  throw new CliProblem(
    `${home} is the data folder of a control plane, whose machine has an agent already: name another one with --home`,
  );
}

/** What an earlier run has left. @throws CliProblem where that was another host */
async function knownHost(home: string, asked: JoinToken | null): Promise<JoinedHost | null> {
  const known = await readJoinedHost(home);
  if (known === null || asked === null || known.instanceId === asked.instanceId) return known;
  if (known.credentials === null) {
    await forgetJoining(home);
    return null;
  }
  throw new CliProblem(
    `${home} has joined as container instance ${known.instanceId} already: leave first (waybill agent leave), or name another --home`,
  );
}

function ofPool(token: JoinToken, pool: JoinOptions['pool']): JoinToken {
  if (pool === undefined) return token;
  const launchType: HostLaunchType = 'FARGATE';
  if (token.launchTypes !== null && !token.launchTypes.includes(launchType)) {
    throw new CliProblem(
      `the token is for a host of ${token.launchTypes.join(', ')}: make one with --launch-types FARGATE`,
    );
  }
  return { ...token, launchTypes: [launchType] };
}

async function useToken(home: string, begun: JoinedHost | null, token: JoinToken): Promise<JoinedHost> {
  const host = begun ?? (await beginJoining(home, token));
  const request: JoinRequest = { machine: host.machine, hostname: hostname() };
  const { agent, host: own } = await askDesk<JoinAnswer>(
    host,
    token,
    subjects.join(token.instanceId),
    request,
    `NATS refuses the token: it expired at ${new Date(token.expiresAt).toISOString()}, or was revoked; make a new one with waybill agent token`,
  );
  const joined: JoinedHost = { ...host, launchTypes: token.launchTypes, credentials: { agent, host: own } };
  await writeJoinedHost(home, joined);
  return joined;
}

async function runAgent(
  home: string,
  { instanceId, cluster }: JoinedHost,
  env: NodeJS.ProcessEnv,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const reporter = upReporter(terminal, json);
  const agent = new AgentRun(home, env, reporter);
  const stopping = new AbortController();
  const stopAsked = untilSignalled(reporter, () => agent.kill()).then(() => {
    stopping.abort(new CliProblem('stopped before the control plane had accepted the agent'));
  });
  try {
    await Promise.race([agent.start(stopping.signal), stopAsked, agent.broken]);
    reporter.report({ type: 'joined', instanceId, cluster });
    await Promise.race([stopAsked, agent.broken]);
  } finally {
    await agent.stop();
  }
  reporter.report({ type: 'stopped' });
  return EXIT.ok;
}
