import { statfs } from 'node:fs/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { type JournalRoom, journalRoom } from './journal-room.ts';
import { defaultMonitorUrl, readVarz } from './monitor-page.ts';

/**
 * The room that the journal has on the fullest of its servers, from their monitoring pages and, where this process sees
 * the same disk, from the disk. Null: no page says. @throws an error of the HTTP client
 */
export async function readJournalRoom(
  nc: NatsConnection,
  monitorUrls: readonly string[] = [defaultMonitorUrl(nc)],
): Promise<JournalRoom | null> {
  const rooms = await Promise.all(monitorUrls.map(roomOfServer));
  let fullest: JournalRoom | null = null;
  for (const room of rooms) {
    if (room !== null && (fullest === null || room.roomBytes < fullest.roomBytes)) fullest = room;
  }
  return fullest;
}

async function roomOfServer(url: string): Promise<JournalRoom | null> {
  const { config, stats } = (await readVarz(url)).jetstream ?? {};
  const [limitBytes, storeFolder, usedBytes] = [config?.max_storage, config?.store_dir, stats?.storage];
  if (limitBytes === undefined || storeFolder === undefined || usedBytes === undefined) return null;
  return journalRoom({ usedBytes, limitBytes, storeFolder, diskFreeBytes: await freeBytesOf(storeFolder) });
}

/** Null: the folder is on another machine, or in another container. */
async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
