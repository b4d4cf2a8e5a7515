import type { ContainerInstanceOutput } from '#libs/ecs/messages';
import { ask } from '../connection/ask.ts';
import { describeAll } from '../connection/all-pages.ts';
import { type WaybillConnection, withWaybill } from '../connection/waybill-connection.ts';
import { type HostRecord, readHosts, removeHost } from '../hosts/host-records.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, tableText, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { momentText } from '../moment/moment.ts';
import { settingsWith } from '../up/up-settings.ts';

export interface HostsOptions {
  readonly home?: string;
  readonly output: OutputFormat;
}

/** A host as `waybill agent list -o json` has it. */
export interface ListedHost {
  readonly instanceId: string;
  readonly name: string | null;
  readonly cluster: string;
  readonly launchTypes: readonly string[] | null;
  readonly state: 'waiting' | 'expired' | 'joined';
  readonly tokenExpires: string;
  readonly joined: { readonly hostname: string; readonly at: string } | null;
  /** As DescribeContainerInstances has it; null: it has not registered, or is a host of the Fargate pool. */
  readonly containerInstance: {
    readonly status: string;
    readonly connected: boolean;
    readonly runningTasks: number;
  } | null;
}

/** `waybill agent list`: the hosts that were given a token, and what has become of them. */
export async function list(options: HostsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const { home } = settingsWith(options.home, env);
  const records = await readHosts(home);
  const instances =
    records.length === 0
      ? new Map<string, ContainerInstanceOutput>()
      : await withWaybill({ home }, env, (connection) => instancesOf(connection, records));
  const now = Date.now();
  const hosts = records.map((record) => listed(record, instances.get(record.instanceId), now));
  writeAnswer(terminal, options.output, { json: () => ({ hosts }), table: () => hostsText(hosts) });
  return EXIT.ok;
}

/** `waybill agent revoke`: the host’s NATS users are gone, and with them its connection; its containers run on. */
export async function revoke(
  instance: string,
  options: HostsOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { home } = settingsWith(options.home, env);
  const host = (await readHosts(home)).find(({ instanceId, name }) => name === instance || instanceId === instance);
  if (host === undefined) {
    throw new CliProblem(`no host ${instance} was given a token here: waybill agent list`);
  }
  await removeHost(home, host.instanceId);
  writeAnswer(terminal, options.output, {
    json: () => ({ instanceId: host.instanceId, revoked: true }),
    table: () =>
      host.joined === null
        ? `the token of ${host.instanceId} is not good for anything any more`
        : `${host.instanceId} (${host.joined.hostname}) is shut out, and its containers run on without an agent; ` +
          `aws ecs deregister-container-instance --force --cluster ${host.cluster} --container-instance ${host.instanceId} gives its tasks up`,
  });
  return EXIT.ok;
}

async function instancesOf(
  connection: WaybillConnection,
  records: readonly HostRecord[],
): Promise<ReadonlyMap<string, ContainerInstanceOutput>> {
  const found = new Map<string, ContainerInstanceOutput>();
  for (const cluster of new Set(records.map((record) => record.cluster))) {
    const { clusters } = (await ask(connection, 'ecs', 'DescribeClusters', { clusters: [cluster] })) as {
      readonly clusters: readonly unknown[];
    };
    if (clusters.length === 0) continue;
    const names = records.filter((record) => record.cluster === cluster).map(({ instanceId }) => instanceId);
    const instances = await describeAll<ContainerInstanceOutput>(
      connection,
      'DescribeContainerInstances',
      { cluster },
      { ask: 'containerInstances', answer: 'containerInstances', names, atOnce: 100 },
    );
    for (const one of instances) found.set(one.containerInstanceArn?.split('/').at(-1) ?? '', one);
  }
  return found;
}

function listed(record: HostRecord, instance: ContainerInstanceOutput | undefined, now: number): ListedHost {
  const { instanceId, name, cluster, launchTypes, tokenExpiresAt, joined } = record;
  return {
    instanceId,
    name,
    cluster,
    launchTypes,
    state: joined !== null ? 'joined' : tokenExpiresAt > now ? 'waiting' : 'expired',
    tokenExpires: new Date(tokenExpiresAt).toISOString(),
    joined: joined === null ? null : { hostname: joined.hostname, at: new Date(joined.at).toISOString() },
    containerInstance:
      instance === undefined
        ? null
        : {
            status: instance.status ?? '',
            connected: instance.agentConnected ?? false,
            runningTasks: instance.runningTasksCount ?? 0,
          },
  };
}

function hostsText(hosts: readonly ListedHost[]): string {
  if (hosts.length === 0) return 'no host was given a token: waybill agent token';
  const rows = hosts.map(
    ({ instanceId, name, cluster, launchTypes, state, joined, tokenExpires, containerInstance }) => [
      instanceId,
      name ?? joined?.hostname ?? null,
      cluster,
      launchTypes?.join(',') ?? null,
      joined === null
        ? `${state}: token until ${momentText(Date.parse(tokenExpires))}`
        : `joined ${momentText(Date.parse(joined.at))}`,
      containerInstance === null ? null : containerInstance.status,
      containerInstance === null ? null : containerInstance.connected ? 'yes' : 'no',
      containerInstance === null ? null : containerInstance.runningTasks,
    ],
  );
  return tableText(['instance', 'host', 'cluster', 'launch types', 'state', 'status', 'connected', 'running'], rows);
}
