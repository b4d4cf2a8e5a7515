import { readFile } from 'node:fs/promises';
import { messageOf } from '../../engine/docker-problem.ts';
import { nft } from './nft.ts';

/** Without it, traffic between containers of one bridge passes no rule of IP. */
const BRIDGE_SWITCH = '/proc/sys/net/bridge/bridge-nf-call-iptables';

/* Why this machine cannot enforce security groups, for people; undefined: it can. */

export async function nftablesObstacle(): Promise<string | undefined> {
  try {
    // A table that is only checked, never made.
    await nft('table ip waybill_check\n', { check: true });
    return undefined;
  } catch (error) {
    return `security groups need nftables and the right to use it: ${messageOf(error)}`;
  }
}

export async function bridgeObstacle(): Promise<string | undefined> {
  const bridged = await readFile(BRIDGE_SWITCH, 'utf8').catch(() => 'absent');
  if (bridged.trim() === '1') return undefined;
  return 'security groups need the kernel module br_netfilter and net.bridge.bridge-nf-call-iptables=1 (sysctl)';
}

export async function enforcementObstacle(): Promise<string | undefined> {
  return (await nftablesObstacle()) ?? (await bridgeObstacle());
}
