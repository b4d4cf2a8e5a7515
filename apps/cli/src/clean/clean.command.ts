import { lastPathElement } from '#libs/ecs/messages';
import {
  DockerRuntime,
  listStackContainers,
  removeSecurityRules,
  type StackContainer,
} from '#libs/container-runtime-docker';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, tableText, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { abandoned } from './abandoned.ts';

/** `waybill clean`: the containers of data folders that are gone, listed and removed. */
export async function clean(
  { output, dryRun = false }: { readonly output: OutputFormat; readonly dryRun?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const found = await abandoned(await containers());
  if (!dryRun) {
    for (const container of found) await remove(container);
    for (const instanceId of new Set(found.map((container) => container.instanceId))) await removeRules(instanceId);
  }
  writeAnswer(terminal, output, {
    json: () => ({ removed: !dryRun, containers: found }),
    table: () => cleanText(found, dryRun),
  });
  return EXIT.ok;
}

async function containers(): Promise<readonly StackContainer[]> {
  try {
    return await listStackContainers();
  } catch (error) {
    throw new CliProblem(`the Docker engine does not answer: ${messageOf(error)}`);
  }
}

/** As the agent removes a stopped task's: with the volumes that nothing else uses. */
async function remove({ instanceId, runtimeId }: StackContainer): Promise<void> {
  const runtime = new DockerRuntime({ instanceId });
  try {
    await runtime.remove(runtimeId);
  } catch (error) {
    throw new CliProblem(`container ${runtimeId} could not be removed: ${messageOf(error)}`);
  } finally {
    await runtime.close();
  }
}

/** What kept traffic from its tasks. */
async function removeRules(instanceId: string): Promise<void> {
  try {
    await removeSecurityRules(instanceId);
  } catch (error) {
    throw new CliProblem(`the security groups of container instance ${instanceId} remain: ${messageOf(error)}`);
  }
}

/** What was found and what has become of it, for people. */
export function cleanText(found: readonly StackContainer[], dryRun: boolean): string {
  if (found.length === 0) return 'nothing to clean: every container belongs to a data folder that is there';
  const rows = found.map(({ name, image, state, taskArn, home }) => [
    name,
    image,
    state,
    lastPathElement(taskArn),
    home,
  ]);
  const count = `${found.length} ${found.length === 1 ? 'container' : 'containers'}`;
  return [
    tableText(['container', 'image', 'state', 'task', 'data folder (gone)'], rows),
    dryRun ? `${count} would be removed: waybill clean` : `${count} removed`,
  ].join('\n');
}
