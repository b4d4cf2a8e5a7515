import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { productFolder, writePrivateFile } from '#libs/platform';
import { AGENT_ENTRY, stopGraceMs } from '../hosts/agent-run.ts';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';
import { agentUnit, environmentFile } from './systemd-unit.ts';

const run = promisify(execFile);
const UNIT = 'waybill-agent.service';
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;
/** systemd is PID 1. */
const SYSTEMD_RUNS = '/run/systemd/system';
/** What the agent reads of the caller's environment; the rest is not its business for years to come. */
const KEPT = /^(WAYBILL_|NATS_|DOCKER_|AWS_REGION$)/;

/** Installs the unit, or brings it up to date, and starts it. @throws CliProblem */
export async function installUnit(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (!existsSync(SYSTEMD_RUNS)) {
    throw new CliProblem(
      'this machine does not run systemd: leave --systemd out, and the agent runs in the foreground',
    );
  }
  if (process.getuid?.() !== 0) throw new CliProblem('a unit is installed as root: repeat this with sudo');
  const envFile = join(home, 'agent', 'agent.env');
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => KEPT.test(name)));
  await writePrivateFile(envFile, environmentFile(kept));
  const stopSeconds = Math.ceil(stopGraceMs(env) / 1000);
  const unit = agentUnit({
    node: process.execPath,
    productFolder: productFolder(),
    entry: AGENT_ENTRY,
    envFile,
    stopSeconds,
  });
  await writeFile(UNIT_FILE, unit);
  await systemctl('daemon-reload');
  await systemctl('enable', UNIT);
  // Containers run on, and the next process adopts them.
  await systemctl('restart', UNIT);
}

/** Stops the unit of a data folder and removes it; false: that folder has none. */
export async function removeUnit(home: string): Promise<boolean> {
  const envFile = join(home, 'agent', 'agent.env');
  if (!existsSync(envFile) || !existsSync(UNIT_FILE)) return false;
  await systemctl('disable', '--now', UNIT);
  await rm(UNIT_FILE);
  await rm(envFile);
  await systemctl('daemon-reload');
  return true;
}

async function systemctl(...args: readonly string[]): Promise<void> {
  try {
    await run('systemctl', [...args]);
  } catch (error) {
    throw new CliProblem(`systemctl ${args.join(' ')}: ${messageOf(error)}`);
  }
}
