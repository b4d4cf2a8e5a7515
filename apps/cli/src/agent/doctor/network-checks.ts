import { METADATA_ADDRESS, METADATA_PORT } from '#libs/agents/metadata';
import { type HostCheck, missing, ok, unknown } from './host-check.ts';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const NO_RIGHTS = 'this user may not configure the network';
const LOAD_BRIDGE_FILTER = 'modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-iptables=1';
const AS_ROOT = 'run the agent as root (or with CAP_NET_ADMIN)';

export const networkChecks: readonly HostCheck[] = [
  {
    name: 'iptables',
    needs: 'published ports: the engine uses it',
    async run({ findProgram }) {
      const path = await findProgram('iptables');
      return path === null ? missing('no iptables', 'apt-get install iptables, and restart the engine') : ok(path);
    },
  },
  {
    name: 'nftables',
    needs: 'security groups, and port 80 of the metadata address',
    async run({ nftablesObstacle }) {
      const obstacle = await nftablesObstacle();
      return obstacle === undefined
        ? ok('rules can be set')
        : missing(obstacle, `apt-get install nftables; ${AS_ROOT}`);
    },
  },
  {
    name: 'br_netfilter',
    needs: 'security groups between tasks of this host',
    async run({ bridgeObstacle }) {
      const obstacle = await bridgeObstacle();
      return obstacle === undefined ? ok('on') : missing(obstacle, LOAD_BRIDGE_FILTER);
    },
  },
  {
    name: 'IP forwarding',
    needs: 'connections of containers to the outside, and to published ports',
    async run({ readText }) {
      const text = await readText(FORWARDING);
      if (text === null) return unknown(`${FORWARDING} cannot be read`);
      return text.trim() === '1' ? ok('on') : missing('off', 'sysctl -w net.ipv4.ip_forward=1');
    },
  },
  {
    name: 'metadata address',
    needs: `task metadata and credentials at ${METADATA_ADDRESS}`,
    async run({ addresses, mayConfigureNetwork }) {
      if (addresses.includes(METADATA_ADDRESS)) return ok('this machine has it');
      return mayConfigureNetwork ? ok('the agent will add it') : missing(NO_RIGHTS, AS_ROOT);
    },
  },
  {
    name: 'metadata port',
    needs: `port ${METADATA_PORT}, where the metadata endpoint of this machine’s first agent is`,
    async run({ addresses, isPortTaken }) {
      if (!(await isPortTaken(METADATA_PORT))) return ok('free');
      if (addresses.includes(METADATA_ADDRESS)) return ok('an agent of this machine has it; another one takes its own');
      return missing(
        'another program listens there',
        `end it, or the program that is not an agent on port ${METADATA_PORT}`,
      );
    },
  },
];
