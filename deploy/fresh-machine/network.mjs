// @ts-check
/**
 * A network of its own for a bare machine: a pair of virtual interfaces and address translation to the outside, so that it
 * reaches the package sources while its Docker engine and its ports meet none of the host's.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { run, tryRun } from '../setup/process.mjs';
import { SetupError } from '../setup/progress.mjs';

const SLOTS_MAX = 250;
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/** @param {number} slot */
export const namespaceFile = (slot) => `/run/netns/${namespaceName(slot)}`;

/** @param {number} slot */
const namespaceName = (slot) => `waybill-fresh-${slot}`;

/**
 * Names and addresses of a network, all derived from its number.
 *
 * @param {number} slot
 */
function networkOf(slot) {
  const prefix = `10.201.${slot}`;
  const subnet = `${prefix}.0/24`;
  const outside = `wbfresh${slot}o`;
  return {
    name: namespaceName(slot),
    outside,
    inside: `wbfresh${slot}i`,
    outsideAddress: `${prefix}.1`,
    insideAddress: `${prefix}.2`,
    rules: [
      ['nat', 'POSTROUTING', '-s', subnet, '!', '-d', subnet, '-j', 'MASQUERADE'],
      // A host with Docker drops what it forwards unless a rule lets it pass.
      ['filter', 'FORWARD', '-i', outside, '-j', 'ACCEPT'],
      ['filter', 'FORWARD', '-o', outside, '-j', 'ACCEPT'],
    ],
  };
}

/**
 * Opens the first free network.
 *
 * @returns {Promise<number>} its slot
 */
export async function openNetwork() {
  const slot = await reserveSlot();
  const { name, outside, inside, outsideAddress, insideAddress, rules } = networkOf(slot);
  try {
    await ip(`link add ${outside} type veth peer name ${inside} netns ${name}`);
    await ip(`addr add ${outsideAddress}/24 dev ${outside}`);
    await ip(`link set ${outside} up`);
    await ip(`-n ${name} addr add ${insideAddress}/24 dev ${inside}`);
    await ip(`-n ${name} link set ${inside} up`);
    await ip(`-n ${name} link set lo up`);
    await ip(`-n ${name} route add default via ${outsideAddress}`);
    writeFileSync(FORWARDING, '1');
    for (const [table = '', ...rule] of rules) await run('iptables', ['-w', '-t', table, '-I', ...rule]);
  } catch (error) {
    await closeNetwork(slot);
    throw error;
  }
  return slot;
}

/**
 * Removes all of it; what is not there (any more) is skipped.
 *
 * @param {number} slot
 */
export async function closeNetwork(slot) {
  const { name, outside, rules } = networkOf(slot);
  for (const [table = '', ...rule] of rules) await tryRun('iptables', ['-w', '-t', table, '-D', ...rule]);
  await tryRun('ip', ['link', 'del', outside]);
  if (existsSync(namespaceFile(slot))) await run('ip', ['netns', 'del', name]);
}

/** Adding a namespace succeeds for one of two runs at once only. */
async function reserveSlot() {
  for (let slot = 0; slot < SLOTS_MAX; slot++) {
    if (existsSync(namespaceFile(slot))) continue;
    const { code, output } = await tryRun('ip', ['netns', 'add', namespaceName(slot)]);
    if (code === 0) return slot;
    if (!output.includes('File exists')) throw new SetupError('no network namespace can be made here', output);
  }
  throw new SetupError(`${SLOTS_MAX} networks of bare machines are in use: ip netns list`);
}

/** @param {string} command */
const ip = (command) => run('ip', command.split(' '));
