import { withWaybill } from '../connection/waybill-connection.ts';
import { withLog } from '../journal/open-log.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, tableText, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { type ClusterStatus, type HostStatus, waybillStatus, type WaybillStatus } from './status.ts';

/** `waybill status`: 0 when Waybill is ready, 1 when it is not, for whatever reason. */
export async function status(
  options: { readonly home?: string; readonly output: OutputFormat },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  try {
    const found = await withWaybill(options, env, (connection) =>
      withLog(connection, (log) => waybillStatus(connection, log)),
    );
    writeAnswer(terminal, options.output, { json: () => found, table: () => statusText(found) });
    return found.ready ? EXIT.ok : EXIT.no;
  } catch (error) {
    // A script that asks whether it is ready gets a no also when nothing runs.
    if (error instanceof CliProblem && error.exitCode === EXIT.unreachable)
      throw new CliProblem(error.message, EXIT.no);
    throw error;
  }
}

/** The status for people. */
export function statusText(status: WaybillStatus): string {
  return [
    headline(status),
    ...status.clusters.map(clusterText),
    tableText(
      ['shard', 'revision', 'term'],
      status.log.map(({ shard, revision, term }) => [shard, revision, term]),
    ),
  ].join('\n\n');
}

function headline({ ready, endpoint, controlPlane }: WaybillStatus): string {
  const where = endpoint === null ? '' : ` at ${endpoint}`;
  if (controlPlane === null) return `not ready${where}: no control plane answers`;
  const { viewsCaughtUp, writing, haltedViews } = controlPlane;
  if (haltedViews.length > 0) return `not ready${where}: the views of ${haltedViews.join(', ')} have stopped`;
  if (!viewsCaughtUp) return `not ready${where}: the views are being read from the log`;
  // One process writes every shard of the account; this one answered us.
  if (!writing) return `not ready${where}: this control plane is a standby, or is about to take over the log`;
  return ready ? `ready${where}` : `not ready${where}: still starting`;
}

function clusterText(cluster: ClusterStatus): string {
  const { name, status, runningTasks, pendingTasks, containerInstances, poolHosts, services } = cluster;
  const parts = [`cluster ${name} (${status}): ${runningTasks} tasks running, ${pendingTasks} pending`];
  if (containerInstances.length > 0) parts.push(hostsText('container instance', containerInstances));
  if (poolHosts.length > 0) parts.push(hostsText('host of the Fargate pool', poolHosts));
  if (services.length > 0) {
    const rows = services.map(({ name: service, status: state, desired, running, pending }) => [
      service,
      state,
      desired,
      running,
      pending,
    ]);
    parts.push(tableText(['service', 'status', 'desired', 'running', 'pending'], rows));
  }
  return parts.join('\n');
}

function hostsText(heading: string, hosts: readonly HostStatus[]): string {
  const rows = hosts.map(({ id, status, connected, runningTasks }) => [
    id,
    status,
    connected ? 'yes' : 'no',
    runningTasks,
  ]);
  return tableText([heading, 'status', 'connected', 'running'], rows);
}
