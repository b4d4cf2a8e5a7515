import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, controlPlaneUser, gatewayUser, natsOptionsFromEnv, SettingsProblem } from '#libs/platform';
import type { Logger } from 'pino';

/** A control plane has two connections, as two users of two NATS accounts. */
export interface Connections {
  /** Journal, leases, other control planes; directives and events go out here. No client can reach it. */
  readonly own: NatsConnection;
  /** Requests of agents and principals come in here, and only responses go out. */
  readonly gateway: NatsConnection;
  /** Lets what is under way finish. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** @throws SettingsProblem without credentials for both, or an error of NATS */
export async function openConnections(env: NodeJS.ProcessEnv, log: Logger): Promise<Connections> {
  const gatewayOptions = natsOptionsFromEnv(env, 'GATEWAY');
  if (gatewayOptions.user === undefined && gatewayOptions.credsFile === undefined) {
    throw new SettingsProblem(
      `NATS_GATEWAY_USER and NATS_GATEWAY_PASSWORD are missing: the control plane connects as two users, ${controlPlaneUser().name} and ${gatewayUser().name}`,
    );
  }
  const own = await connectNats({
    ...natsOptionsFromEnv(env),
    name: 'waybill-control-plane',
    inboxPrefix: controlPlaneUser().inboxPrefix,
  });
  let gateway: NatsConnection;
  try {
    gateway = await connectNats({
      ...gatewayOptions,
      name: 'waybill-control-plane-gateway',
      inboxPrefix: gatewayUser().inboxPrefix,
    });
  } catch (error) {
    await own.close();
    throw error;
  }
  const both = [own, gateway];
  for (const nc of both) {
    void nc.closed().then((error) => {
      if (error instanceof Error) log.fatal({ err: error }, 'a connection to NATS ended for good');
    });
  }
  return {
    own,
    gateway,
    drain: async () => void (await Promise.all(both.map((nc) => nc.drain()))),
    close: async () => void (await Promise.all(both.map((nc) => nc.close()))),
  };
}
