/** What the journal's store has and may have, in bytes. */
export interface StoreSize {
  readonly usedBytes: number;
  /** What nats-server allows itself (`max_file_store`). */
  readonly limitBytes: number;
  /** Free on the disk; null where this process cannot see the disk of the nats-server. */
  readonly diskFreeBytes: number | null;
  readonly storeFolder: string;
}

export interface JournalRoom {
  readonly storeFolder: string;
  readonly usedBytes: number;
  /** What the journal can still grow by. */
  readonly roomBytes: number;
  /** The part that is used of what the journal can ever have, 0 to 1. */
  readonly usedRatio: number;
  /** `low`: an operator should act. `full`: commits are refused, or will be any moment. */
  readonly level: 'ok' | 'low' | 'full';
  /** One line for an operator. */
  readonly text: string;
}

const LOW_USED_RATIO = 0.8;
/** Whatever the ratio: other programs may fill the disk within minutes. */
const LOW_ROOM_BYTES = 1024 ** 3;
/** One block of a stream, and one commit as large as they get. */
const FULL_ROOM_BYTES = 16 * 1024 ** 2;

/** How much room the journal has. Its own limit and the disk both end it; what comes first counts. */
export function journalRoom({ usedBytes, limitBytes, diskFreeBytes, storeFolder }: StoreSize): JournalRoom {
  const left = Math.max(0, limitBytes - usedBytes);
  const diskEndsFirst = diskFreeBytes !== null && diskFreeBytes < left;
  const roomBytes = diskEndsFirst ? diskFreeBytes : left;
  const usedRatio = usedBytes + roomBytes === 0 ? 1 : usedBytes / (usedBytes + roomBytes);
  const isLow = usedRatio >= LOW_USED_RATIO || roomBytes < LOW_ROOM_BYTES;
  const level = roomBytes < FULL_ROOM_BYTES ? 'full' : isLow ? 'low' : 'ok';
  const remedy = diskEndsFirst
    ? 'make room on its disk'
    : `raise max_file_store in the configuration of nats-server (now ${sizeText(limitBytes)})`;
  const text = `the journal in ${storeFolder} has ${sizeText(usedBytes)} and room for ${sizeText(roomBytes)} more${
    level === 'ok' ? '' : `: ${remedy}`
  }`;
  return { storeFolder, usedBytes, roomBytes, usedRatio, level, text };
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
