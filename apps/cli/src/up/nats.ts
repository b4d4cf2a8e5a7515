import {
  agentUser,
  auditorUser,
  controlPlaneUser,
  FileDamaged,
  findNatsServer,
  followerUser,
  gatewayUser,
  hostDeskUser,
  NatsHomeInUse,
  NatsServerMissing,
  type NatsServerTls,
  type NatsUser,
  rootUser,
  startNatsServer,
  type SupervisedNatsServer,
} from '#libs/platform';
import type { Endpoint } from '../home/endpoint-file.ts';
import { readHosts } from '../hosts/host-records.ts';
import { hostUsers } from '../hosts/host-users.ts';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';
import type { ListenAddress } from './up-settings.ts';

export interface NatsStart {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly instanceId: string;
  readonly cluster: string;
  readonly listen: ListenAddress | null;
  readonly tls: NatsServerTls | null;
  /** Where the last start had it. */
  readonly previous: Endpoint | null;
  readonly log: (line: string) => void;
}

const PORT_TAKEN = /address already in use/i;

/** The users of the stack itself; hosts that have joined have others besides. */
export function stackUsers(cluster: string, instanceId: string): readonly NatsUser[] {
  const clients = [rootUser(), auditorUser(), followerUser(), hostDeskUser(), agentUser(cluster, instanceId)];
  return [controlPlaneUser(), gatewayUser(), ...clients];
}

/**
 * Starts the home's nats-server where it was the last time, or on other ports if those are taken by now. The claim on the
 * home is what makes `waybill up` the only one of its data folder.
 * @throws CliProblem
 */
export async function startNats(start: NatsStart): Promise<SupervisedNatsServer> {
  const { home, env, instanceId, cluster, listen, tls, previous, log } = start;
  try {
    const users = [...stackUsers(cluster, instanceId), ...hostUsers(await readHosts(home), Date.now())];
    const { path: binary } = await findNatsServer(env);
    const where = { ...(listen === null ? {} : { host: listen.host }), ...(tls === null ? {} : { tls }) };
    const options = { binary, home, users, log, ...where };
    const before =
      previous === null ? {} : { port: portOf(previous.natsUrl), monitorPort: portOf(previous.natsMonitorUrl) };
    const port = listen?.port ?? null;
    const ports = port === null ? before : { ...before, port };
    try {
      return await startNatsServer({ ...options, ...ports });
    } catch (error) {
      // Hosts look for it where it was.
      if (!PORT_TAKEN.test(messageOf(error)) || listen !== null) throw error;
      const server = await startNatsServer(options);
      log(`another program has the port of ${previous?.natsUrl}: NATS is now at ${server.url}`);
      return server;
    }
  } catch (error) {
    if (error instanceof NatsServerMissing) throw new CliProblem(error.message);
    if (error instanceof NatsHomeInUse) {
      throw new CliProblem(
        `Waybill runs already in ${home} (process ${error.ownerPid}): use that one, stop it, or choose another --home`,
      );
    }
    if (error instanceof FileDamaged) throw error;
    throw new CliProblem(messageOf(error));
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
