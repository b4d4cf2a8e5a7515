import { readFile } from 'node:fs/promises';

const CAP_NET_ADMIN = 12n;
const EFFECTIVE_CAPABILITIES = /^CapEff:\s*([0-9a-f]+)$/m;

/** Whether this process may give its machine addresses and firewall rules (CAP_NET_ADMIN, which root has). */
export async function mayConfigureNetwork(): Promise<boolean> {
  // Elsewhere than on Linux the file does not exist, and no process has the capability.
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, capabilities = '0'] = EFFECTIVE_CAPABILITIES.exec(status) ?? [];
  return ((BigInt(`0x${capabilities}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}
