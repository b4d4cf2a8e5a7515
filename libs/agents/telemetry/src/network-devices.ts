/** What the kernel counts of one network interface, as Docker's statistics name it. */
export interface InterfaceCounters {
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly rx_errors: number;
  readonly rx_dropped: number;
  readonly tx_bytes: number;
  readonly tx_packets: number;
  readonly tx_errors: number;
  readonly tx_dropped: number;
}

const LOOPBACK = 'lo';
/** The first transmit column of /proc/<pid>/net/dev. */
const TRANSMIT = 8;

/** The interfaces in a process's /proc/<pid>/net/dev, but the loopback. */
export function networkDevices(text: string): Readonly<Record<string, InterfaceCounters>> {
  const devices: Record<string, InterfaceCounters> = {};
  for (const line of text.split('\n')) {
    const [, name, columns] = /^\s*([^:|\s]+):\s*(\d[\d\s]*)$/.exec(line) ?? [];
    if (name === undefined || columns === undefined || name === LOOPBACK) continue;
    const counts = columns.trim().split(/\s+/).map(Number);
    const count = (column: number): number => counts[column] ?? 0;
    devices[name] = {
      rx_bytes: count(0),
      rx_packets: count(1),
      rx_errors: count(2),
      rx_dropped: count(3),
      tx_bytes: count(TRANSMIT),
      tx_packets: count(TRANSMIT + 1),
      tx_errors: count(TRANSMIT + 2),
      tx_dropped: count(TRANSMIT + 3),
    };
  }
  return devices;
}

export interface NetworkBytes {
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** Bytes of all of them together. */
export function networkBytes(devices: Readonly<Record<string, InterfaceCounters>>): NetworkBytes {
  let [rxBytes, txBytes] = [0, 0];
  for (const { rx_bytes, tx_bytes } of Object.values(devices)) {
    rxBytes += rx_bytes;
    txBytes += tx_bytes;
  }
  return { rxBytes, txBytes };
}
