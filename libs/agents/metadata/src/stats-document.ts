import type { ContainerStats } from '#libs/container-runtime';

/**
 * Docker's statistics of a container as ECS serves them: with the CPU of the reading before, which Docker itself takes a
 * second apart, and with the network's rate since then.
 *
 * @param before the reading that was served before, if it was of the same run of the container
 * @param owner the container whose network it shares, if there is one: Docker's own of it have no network
 */
export function statsDocument(
  now: ContainerStats,
  before?: ContainerStats,
  owner?: ContainerStats | null,
): ContainerStats {
  const networks = owner?.['networks'];
  const current = networks === undefined ? now : { ...now, networks };
  if (before === undefined || usedCpu(before) > usedCpu(current)) return current;
  const rates = networkRates(current, before);
  return {
    ...current,
    preread: before['read'],
    precpu_stats: before['cpu_stats'],
    ...(rates === undefined ? {} : { network_rate_stats: rates }),
  };
}

const MS_PER_SECOND = 1000;

function networkRates(now: ContainerStats, before: ContainerStats): object | undefined {
  const seconds = (momentOf(now) - momentOf(before)) / MS_PER_SECOND;
  const [received, receivedBefore] = [networkBytes(now, 'rx_bytes'), networkBytes(before, 'rx_bytes')];
  const [sent, sentBefore] = [networkBytes(now, 'tx_bytes'), networkBytes(before, 'tx_bytes')];
  if (received === undefined || receivedBefore === undefined || sent === undefined || sentBefore === undefined) {
    return undefined;
  }
  if (!(seconds > 0) || received < receivedBefore || sent < sentBefore) return undefined;
  return { rx_bytes_per_sec: (received - receivedBefore) / seconds, tx_bytes_per_sec: (sent - sentBefore) / seconds };
}

function networkBytes(stats: ContainerStats, member: string): number | undefined {
  const networks = stats['networks'];
  if (!isObject(networks)) return undefined;
  return Object.values(networks).reduce<number>((sum, network) => sum + numberIn(network, member), 0);
}

function usedCpu(stats: ContainerStats): number {
  const cpu = stats['cpu_stats'];
  return isObject(cpu) ? numberIn(cpu['cpu_usage'], 'total_usage') : 0;
}

function momentOf({ read }: ContainerStats): number {
  return typeof read === 'string' ? Date.parse(read) : Number.NaN;
}

function numberIn(value: unknown, member: string): number {
  const found = isObject(value) ? value[member] : undefined;
  return typeof found === 'number' ? found : 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
