import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, credentialsOf, type NatsUser, startNatsServer, type SupervisedNatsServer } from '#libs/platform';

/** May do everything in the journal's account: exists only in servers that the doctor runs for itself, on copies. */
const DOCTOR: NatsUser = {
  name: 'doctor',
  account: 'WAYBILL',
  inboxPrefix: '_INBOX_doctor',
  permissions: { publish: { allow: ['>'], deny: [] }, subscribe: { allow: ['>'], deny: [] } },
};

/** A nats-server of the doctor's own, on a store that nothing else uses. */
export interface WorkServer {
  readonly nc: NatsConnection;
  /** Stops it in order: everything it has is in its files then. */
  stop(): Promise<void>;
}

/** Where the store of a work folder lies; a home's nats-server has it there, too. */
export function storeOf(workFolder: string): string {
  return join(workFolder, 'nats');
}

export async function startWorkServer(binary: string, workFolder: string): Promise<WorkServer> {
  // Not synced write by write: all files are synced once, before they take the place of the old ones.
  const server: SupervisedNatsServer = await startNatsServer({
    binary,
    home: workFolder,
    users: [DOCTOR],
    syncAlways: false,
  });
  try {
    const { user, password, inboxPrefix } = credentialsOf(server.credentials, DOCTOR.name);
    const nc = await connectNats({ name: 'waybill-doctor', url: server.url, user, password, inboxPrefix });
    return {
      nc,
      stop: async () => {
        await nc.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
