export interface NetworkBytes {
  readonly rxBytes: number;
  readonly txBytes: number;
}

const LOOPBACK = 'lo';
/** The columns of /proc/<pid>/net/dev that count bytes. */
const RECEIVED = 0;
const SENT = 8;

/** What a process's /proc/<pid>/net/dev counts on all interfaces but the loopback; without any there is no network. */
export function networkBytes(devices: string): NetworkBytes | undefined {
  let [rxBytes, txBytes, interfaces] = [0, 0, 0];
  for (const line of devices.split('\n')) {
    const [, name, columns = ''] = /^\s*([^:|\s]+):\s*(\d[\d\s]*)$/.exec(line) ?? [];
    if (name === undefined || name === LOOPBACK) continue;
    const counts = columns.trim().split(/\s+/);
    rxBytes += Number(counts[RECEIVED] ?? 0);
    txBytes += Number(counts[SENT] ?? 0);
    interfaces += 1;
  }
  return interfaces === 0 ? undefined : { rxBytes, txBytes };
}
