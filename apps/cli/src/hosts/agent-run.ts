import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENT_NODE_ARGUMENTS, parseDuration, readTextFile, writePrivateFile } from '#libs/platform';
import { homePaths, makeHome } from '../home/home-files.ts';
import { deferred } from '../up/deferred.ts';
import { processRuns } from '../up/left-over.ts';
import { StackProcess } from '../up/stack-process.ts';
import type { UpReporter } from '../up/up-report.ts';
import { CliProblem } from '../shell/cli-problem.ts';

/** Compiled beside this module. */
export const AGENT_ENTRY = fileURLToPath(new URL('../../../agent/src/main.js', import.meta.url));

const STOP_GRACE_MS = 5_000;
const DRAIN_TIMEOUT_DEFAULT = '10m';

const pidFile = (home: string): string => join(home, 'run', 'agent.pid');

/** How long an agent may take to end: it drains first, where it is set to. */
export function stopGraceMs(env: NodeJS.ProcessEnv): number {
  const drains = ['1', 'true'].includes(env['WAYBILL_DRAIN_ON_SIGTERM'] ?? '');
  const limitMs = parseDuration(env['WAYBILL_DRAIN_TIMEOUT'] || DRAIN_TIMEOUT_DEFAULT) ?? 0;
  return STOP_GRACE_MS + (drains ? limitMs : 0);
}

/** The `waybill` process that runs the agent of a data folder; null: none does. */
export async function runningAgentOf(home: string): Promise<number | null> {
  const pid = Number((await readTextFile(pidFile(home))) ?? Number.NaN);
  return Number.isInteger(pid) && pid > 1 && (await processRuns(pid, 'agent join')) ? pid : null;
}

/** The agent of a host that has joined, as a process that is looked after. */
export class AgentRun {
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #process: StackProcess;
  readonly #broken = deferred<never>();

  constructor(home: string, env: NodeJS.ProcessEnv, reporter: UpReporter) {
    this.#home = home;
    this.#env = env;
    this.#broken.promise.catch(() => {});
    this.#process = new StackProcess({
      name: 'agent',
      entry: AGENT_ENTRY,
      nodeArguments: AGENT_NODE_ARGUMENTS,
      logFile: homePaths(home).log('agent'),
      env: () => env,
      reporter,
      pidChanged: () => {},
      gaveUp: (problem) => this.#broken.reject(problem),
    });
  }

  /** Rejects when the agent has ended and is not started again. */
  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  /** Resolves when the control plane has accepted the agent. @throws CliProblem */
  async start(signal: AbortSignal): Promise<void> {
    const running = await runningAgentOf(this.#home);
    if (running !== null) {
      throw new CliProblem(`the agent of ${this.#home} runs already (process ${running}): use that one, or stop it`);
    }
    await makeHome(this.#home);
    await writePrivateFile(pidFile(this.#home), `${process.pid}\n`);
    await this.#process.start();
    await this.#process.firstReady(signal);
  }

  async stop(): Promise<void> {
    await this.#process.stop(stopGraceMs(this.#env));
    await rm(pidFile(this.#home), { force: true });
  }

  kill(): void {
    this.#process.kill();
  }
}
