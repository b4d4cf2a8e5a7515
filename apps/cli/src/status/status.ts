import { ask, NoResponder } from '../connection/ask.ts';
import { describeAll, listAll } from '../connection/all-pages.ts';
import type { WaybillConnection } from '../connection/waybill-connection.ts';
import type { CommitLog } from '#libs/event-store';
import { lastPathElement } from '#libs/ecs/messages';
import type { UnlistedHost } from '#libs/kernel';

/** What a control plane reports about itself (`audit.GetStatus`). */
interface ControlPlaneStatus {
  readonly ready: boolean;
  readonly viewsCaughtUp: boolean;
  readonly writing: boolean;
  readonly haltedViews: readonly string[];
  /** Absent: from a control plane that knows of none. */
  readonly unlistedHosts?: readonly UnlistedHost[];
}

interface ClusterOutput {
  readonly clusterName: string;
  readonly status: string;
  readonly registeredContainerInstancesCount: number;
  readonly runningTasksCount: number;
  readonly pendingTasksCount: number;
}

interface ContainerInstanceOutput {
  readonly containerInstanceArn: string;
  readonly status: string;
  readonly agentConnected: boolean;
  readonly runningTasksCount: number;
}

interface ServiceOutput {
  readonly serviceName: string;
  readonly status: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
}

/** `waybill status -o json`. */
export interface WaybillStatus {
  readonly ready: boolean;
  readonly endpoint: string | null;
  /** null: no control plane answers. */
  readonly controlPlane: ControlPlaneStatus | null;
  readonly clusters: readonly ClusterStatus[];
  /** The log's end, shard by shard. */
  readonly log: readonly ShardHead[];
}

export interface ClusterStatus {
  readonly name: string;
  readonly status: string;
  readonly runningTasks: number;
  readonly pendingTasks: number;
  readonly containerInstances: readonly HostStatus[];
  /** Hosts that take Fargate tasks alone; no query of the API names them. */
  readonly poolHosts: readonly HostStatus[];
  readonly services: readonly {
    readonly name: string;
    readonly status: string;
    readonly desired: number;
    readonly running: number;
    readonly pending: number;
  }[];
}

export interface HostStatus {
  readonly id: string;
  readonly status: string;
  readonly connected: boolean;
  readonly runningTasks: number;
}

export interface ShardHead {
  readonly shard: string;
  readonly revision: number;
  /** The epoch of the writer of that commit: it goes up by one whenever another writer takes over. */
  readonly term: number;
}

/** Asks a running Waybill how it is. @throws CliProblem when it cannot be asked at all */
export async function waybillStatus(connection: WaybillConnection, log: CommitLog): Promise<WaybillStatus> {
  const controlPlane = await controlPlaneStatus(connection);
  const heads = await shardHeads(log);
  // Views that are behind or have stopped answer nothing that is worth showing.
  const canAsk = controlPlane?.viewsCaughtUp === true && controlPlane.haltedViews.length === 0;
  const clusters = canAsk ? await clusterStatuses(connection, controlPlane.unlistedHosts ?? []) : [];
  return {
    ready: controlPlane?.ready === true && connection.isStarted,
    endpoint: connection.endpoint?.endpoint ?? null,
    controlPlane,
    clusters,
    log: heads,
  };
}

async function controlPlaneStatus(connection: WaybillConnection): Promise<ControlPlaneStatus | null> {
  try {
    return (await ask(connection, 'audit', 'GetStatus', {})) as ControlPlaneStatus;
  } catch (error) {
    if (error instanceof NoResponder) return null;
    throw error;
  }
}

async function shardHeads(log: CommitLog): Promise<readonly ShardHead[]> {
  const heads = await Promise.all((await log.shards()).map((shard) => log.readHead(shard)));
  return heads.flatMap((head) =>
    head === null ? [] : [{ shard: head.shard, revision: head.revision, term: head.term }],
  );
}

async function clusterStatuses(
  connection: WaybillConnection,
  unlisted: readonly UnlistedHost[],
): Promise<readonly ClusterStatus[]> {
  const arns = await listAll(connection, 'ListClusters', {}, 'clusterArns');
  const clusters = await describeAll<ClusterOutput>(
    connection,
    'DescribeClusters',
    {},
    {
      ask: 'clusters',
      answer: 'clusters',
      names: arns,
      atOnce: 100,
    },
  );
  return await Promise.all(clusters.map((cluster) => clusterStatus(connection, cluster, unlisted)));
}

async function clusterStatus(
  connection: WaybillConnection,
  cluster: ClusterOutput,
  unlisted: readonly UnlistedHost[],
): Promise<ClusterStatus> {
  const where = { cluster: cluster.clusterName };
  const [instances, services] = await Promise.all([
    listAll(connection, 'ListContainerInstances', where, 'containerInstanceArns').then((names) =>
      describeAll<ContainerInstanceOutput>(connection, 'DescribeContainerInstances', where, {
        ask: 'containerInstances',
        answer: 'containerInstances',
        names,
        atOnce: 100,
      }),
    ),
    listAll(connection, 'ListServices', { ...where, maxResults: 100 }, 'serviceArns').then((names) =>
      describeAll<ServiceOutput>(connection, 'DescribeServices', where, {
        ask: 'services',
        answer: 'services',
        names,
        atOnce: 10,
      }),
    ),
  ]);
  return {
    name: cluster.clusterName,
    status: cluster.status,
    runningTasks: cluster.runningTasksCount,
    pendingTasks: cluster.pendingTasksCount,
    containerInstances: instances.map(({ containerInstanceArn, status, agentConnected, runningTasksCount }) => ({
      id: lastPathElement(containerInstanceArn),
      status,
      connected: agentConnected,
      runningTasks: runningTasksCount,
    })),
    poolHosts: unlisted
      .filter(({ part }) => part === cluster.clusterName)
      .map(({ id, status, connected, runningTasks }) => ({ id, status, connected, runningTasks })),
    services: services.map(({ serviceName, status, desiredCount, runningCount, pendingCount }) => ({
      name: serviceName,
      status,
      desired: desiredCount,
      running: runningCount,
      pending: pendingCount,
    })),
  };
}
