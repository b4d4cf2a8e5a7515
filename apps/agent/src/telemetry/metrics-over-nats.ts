import type { NatsConnection } from '@nats-io/transport-node';
import type { MetricsMessage } from '#libs/agents/protocol';
import { metrics } from '#libs/subjects';
import type { Logger } from 'pino';

/** Sends a message; false: there is no connection, so it is lost. */
export type SendMetrics = (message: MetricsMessage) => boolean;

/** A connection that is away would keep messages until it is back, and send them all at once: they are dropped instead. */
export function metricsOverNats(nc: NatsConnection, cluster: string, instanceId: string, log: Logger): SendMetrics {
  let isConnected = true;
  const watch = async (): Promise<void> => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') isConnected = false;
      else if (type === 'reconnect') isConnected = true;
    }
  };
  watch().catch((error: unknown) => log.error({ err: error }, 'the connection is not watched any more'));
  return (message) => {
    if (!isConnected || nc.isClosed()) return false;
    nc.publish(metrics.instance(cluster, instanceId), JSON.stringify(message));
    return true;
  };
}
