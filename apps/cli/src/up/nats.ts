import {
  agentUser,
  auditorUser,
  controlPlaneUser,
  findNatsServer,
  followerUser,
  gatewayUser,
  NatsHomeInUse,
  NatsServerMissing,
  rootUser,
  startNatsServer,
  type SupervisedNatsServer,
} from '#libs/platform';
import type { Endpoint } from '../home/endpoint-file.ts';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';

export interface NatsStart {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly instanceId: string;
  readonly cluster: string;
  /** Where the last start had it. */
  readonly previous: Endpoint | null;
  readonly log: (line: string) => void;
}

const PORT_TAKEN = /address already in use/i;

/**
 * Starts the home's nats-server where it was the last time, or on other ports if those are taken by now. The claim on the
 * home is what makes `waybill up` the only one of its data folder.
 * @throws CliProblem
 */
export async function startNats(start: NatsStart): Promise<SupervisedNatsServer> {
  const { home, env, instanceId, cluster, previous, log } = start;
  const clients = [rootUser(), auditorUser(), followerUser(), agentUser(cluster, instanceId)];
  const users = [controlPlaneUser(), gatewayUser(), ...clients];
  try {
    const { path: binary } = await findNatsServer(env);
    const options = { binary, home, users, log };
    const ports =
      previous === null ? {} : { port: portOf(previous.natsUrl), monitorPort: portOf(previous.natsMonitorUrl) };
    try {
      return await startNatsServer({ ...options, ...ports });
    } catch (error) {
      if (!PORT_TAKEN.test(messageOf(error))) throw error;
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
    throw new CliProblem(messageOf(error));
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
