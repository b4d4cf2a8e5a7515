import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { parseDuration, pollUntil } from '#libs/platform';
import { hosts as subjects } from '#libs/subjects';
import { AgentRun, runningAgentOf, stopGraceMs } from '../hosts/agent-run.ts';
import { askDesk } from '../hosts/ask-desk.ts';
import type { LeaveAnswer, LeaveRequest } from '../hosts/desk-messages.ts';
import { forgetJoining, joinedAgentEnv, type JoinedHost, readJoinedHost } from '../hosts/joined-host.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { withProgress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';
import { processRuns } from '../up/left-over.ts';
import { upReporter } from '../up/up-report.ts';
import { settingsWith } from '../up/up-settings.ts';
import { removeUnit } from './systemd.ts';

export interface LeaveOptions {
  readonly home?: string;
  readonly timeout: string;
  readonly force?: boolean;
}

/** The control plane has to accept the agent that drains. */
const SESSION_TIMEOUT_MS = 30_000;

/**
 * `waybill agent leave`: the instance is drained by an agent of our own, which ends with its last task, then deregistered;
 * containers and credentials go.
 */
export async function leave(options: LeaveOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const { home } = settingsWith(options.home, env);
  const { timeout, force = false } = options;
  const timeoutMs = parseDuration(timeout);
  if (timeoutMs === null) throw new CliProblem('--timeout takes a duration: 90s, 10m, 1h', EXIT.usage);
  const host = await readJoinedHost(home);
  if (host === null || host.credentials === null) throw new CliProblem(`${home} has joined nothing`);
  const wasUnit = await removeUnit(home);
  if (!wasUnit) await stopForeground(home, env);
  if (!force) {
    const agentEnv = {
      ...env,
      ...joinedAgentEnv(home, host),
      WAYBILL_DRAIN_ON_SIGTERM: '1',
      WAYBILL_DRAIN_TIMEOUT: timeout,
    };
    await withProgress(terminal.isTty, `draining ${host.instanceId}`, () => drainByAgent(home, agentEnv, terminal));
    const left = await runningContainers(host);
    if (left > 0) {
      throw new CliProblem(
        `${left} containers of tasks still run after ${timeout}; they run on without an agent. Wait longer (--timeout), or give them up (--force)`,
      );
    }
  }
  const request: LeaveRequest = { force };
  await askDesk<LeaveAnswer>(
    host,
    host.credentials.host,
    subjects.leave(host.instanceId),
    request,
    `NATS does not know this host any more: it was revoked; remove ${join(home, 'agent')} to forget it here, too`,
  );
  await removeContainers(host);
  await forgetJoining(home);
  await rm(join(home, 'run'), { recursive: true, force: true });
  terminal.out(`container instance ${host.instanceId} has left cluster ${host.cluster}`);
  return EXIT.ok;
}

async function stopForeground(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const pid = await runningAgentOf(home);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  await pollUntil(`process ${pid} ends`, stopGraceMs(env) * 2, async () => !(await processRuns(pid, 'agent join')));
}

async function drainByAgent(home: string, env: NodeJS.ProcessEnv, terminal: Terminal): Promise<void> {
  const agent = new AgentRun(home, env, upReporter(terminal, false));
  try {
    await agent.start(AbortSignal.timeout(SESSION_TIMEOUT_MS)).catch((error: unknown) => {
      if (error instanceof CliProblem) throw error;
      throw new CliProblem(
        'the control plane cannot be reached, so nothing can be drained: try again, or use --force when it is back',
      );
    });
  } finally {
    await agent.stop();
  }
}

async function withRuntime<T>(instanceId: string, work: (runtime: DockerRuntime) => Promise<T>): Promise<T> {
  const runtime = new DockerRuntime({ instanceId });
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

function runningContainers({ instanceId }: JoinedHost): Promise<number> {
  return withRuntime(
    instanceId,
    async (runtime) => (await runtime.list()).filter(({ phase }) => phase === 'RUNNING').length,
  );
}

function removeContainers({ instanceId }: JoinedHost): Promise<void> {
  return withRuntime(instanceId, async (runtime) => {
    for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
  });
}
