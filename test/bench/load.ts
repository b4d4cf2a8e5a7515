import type { NatsConnection } from '@nats-io/transport-node';
import { commands } from '#libs/subjects';

const REQUEST_TIMEOUT_MS = 30_000;

/** One ECS call over NATS as the root principal. @throws with the AWS error's text */
export async function call<Output>(nc: NatsConnection, operation: string, input: object): Promise<Output> {
  const subject = commands.request('root', 'ecs', operation);
  const answer = await nc.request(subject, JSON.stringify(input), { timeout: REQUEST_TIMEOUT_MS });
  const error = answer.headers?.get('Nats-Service-Error');
  if (error !== undefined && error !== '') throw new Error(`${operation}: ${error}`);
  return answer.json<Output>();
}

/** Lets `callers` repeat a call until it says that it is enough; returns when all have stopped. */
export async function callers(count: number, callOnce: () => Promise<boolean>): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (await callOnce());
    }),
  );
}

/** A task definition as small as ECS allows, so that hosts never run out. */
export async function registerTiny(nc: NatsConnection): Promise<string> {
  const { taskDefinition } = await call<{ taskDefinition: { taskDefinitionArn: string } }>(
    nc,
    'RegisterTaskDefinition',
    {
      family: 'bench',
      containerDefinitions: [{ name: 'app', image: 'bench:1', memory: 6 }],
    },
  );
  return taskDefinition.taskDefinitionArn;
}

/** Counts of a cluster, from durable commits only. */
export async function clusterCounts(
  nc: NatsConnection,
  clusterName = 'default',
): Promise<{ hosts: number; running: number; pending: number }> {
  const { clusters } = await call<{
    clusters: { registeredContainerInstancesCount: number; runningTasksCount: number; pendingTasksCount: number }[];
  }>(nc, 'DescribeClusters', { clusters: [clusterName] });
  const [cluster] = clusters;
  if (cluster === undefined) throw new Error(`there is no cluster ${clusterName}`);
  return {
    hosts: cluster.registeredContainerInstancesCount,
    running: cluster.runningTasksCount,
    pending: cluster.pendingTasksCount,
  };
}
