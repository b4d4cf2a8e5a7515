import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { TestNatsServer } from './test-nats-server.ts';

/**
 * Flips one bit in the journal's file, at that part of it, and ends the server in that way; it comes back by itself, and
 * says nothing. After a clean stop it skips the commit; after a kill it cuts off everything from there on.
 * @param nc a connection to the server, which tells when it is back
 * @param part 0.5: the middle of the file
 */
export async function damageJournal(
  { server, home }: TestNatsServer,
  nc: NatsConnection,
  signal: 'SIGTERM' | 'SIGKILL',
  part = 0.5,
): Promise<void> {
  const back = reconnected(nc);
  server.signal('SIGSTOP');
  const file = await open(join(home, 'nats', 'jetstream', 'WAYBILL', 'streams', 'WAYBILL', 'msgs', '1.blk'), 'r+');
  const position = Math.floor((await file.stat()).size * part);
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  byte.writeUInt8(byte.readUInt8() ^ 1);
  await file.write(byte, 0, 1, position);
  await file.close();
  server.signal(signal);
  server.signal('SIGCONT');
  await back;
}

async function reconnected(nc: NatsConnection): Promise<void> {
  for await (const { type } of nc.status()) if (type === 'reconnect') return;
}
