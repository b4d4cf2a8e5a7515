import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  agentUser,
  auditorUser,
  followerUser,
  connectNats,
  controlPlaneUser,
  credentialsOf,
  findNatsServer,
  gatewayUser,
  type NatsCredentialsByUser,
  type NatsUser,
  rootUser,
  startNatsServer,
  type SupervisedNatsServer,
} from '#libs/platform';

export interface TestNatsServerOptions {
  /** Users besides the product's own, `root`, `auditor` and `agents` (which may be every agent). */
  readonly users?: readonly NatsUser[];
  /** False for a server that does not sync its writes. */
  readonly syncAlways?: boolean;
  /** Where its temporary folder is made; default: the system's folder for such. */
  readonly folder?: string;
}

/** A real nats-server in a temporary folder, on free ports, with the product's users and permissions. */
export interface TestNatsServer {
  readonly url: string;
  readonly monitorUrl: string;
  readonly home: string;
  readonly credentials: NatsCredentialsByUser;
  /** To kill, freeze and thaw it; killed, it comes back by itself on the same ports. */
  readonly server: SupervisedNatsServer;
  /** A connection as that user; `stop` closes it. `url` for a way through a proxy. */
  connect(user?: string, url?: string): Promise<NatsConnection>;
  /** Closes the connections, stops the server and removes the folder. */
  stop(): Promise<void>;
}

/**
 * Starts the nats-server that WAYBILL_NATS_SERVER names, else the one in PATH.
 * @throws NatsServerMissing with what to do
 */
export async function testNatsServer(options: TestNatsServerOptions = {}): Promise<TestNatsServer> {
  const { path: binary } = await findNatsServer(process.env);
  const home = await mkdtemp(join(options.folder ?? tmpdir(), 'waybill-nats-'));
  const users = [
    controlPlaneUser(),
    gatewayUser(),
    rootUser(),
    auditorUser(),
    followerUser(),
    agentUser('*', '*', 'agents'),
    ...(options.users ?? []),
  ];
  const server = await startNatsServer({ binary, home, users, syncAlways: options.syncAlways ?? true });
  const connections: NatsConnection[] = [];
  return {
    url: server.url,
    monitorUrl: server.monitorUrl,
    home,
    credentials: server.credentials,
    server,
    async connect(user = 'control-plane', url = server.url) {
      const { password, inboxPrefix } = credentialsOf(server.credentials, user);
      // Whoever stands for all agents listens below one agent's prefix.
      const prefix = inboxPrefix.replace('*', 'test');
      const connection = await connectNats({ name: `test ${user}`, url, user, password, inboxPrefix: prefix });
      connections.push(connection);
      return connection;
    },
    async stop() {
      await Promise.all(connections.map((connection) => connection.close()));
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
