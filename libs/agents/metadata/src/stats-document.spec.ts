import { describe, expect, test } from '@jest/globals';
import { statsDocument } from './stats-document.ts';

const reading = (second: number, cpu: number, received?: number, sent = 0) => ({
  read: `2026-01-02T03:04:${String(second).padStart(2, '0')}Z`,
  preread: '0001-01-01T00:00:00Z',
  cpu_stats: { cpu_usage: { total_usage: cpu } },
  precpu_stats: { cpu_usage: { total_usage: 0 } },
  ...(received === undefined ? {} : { networks: { eth0: { rx_bytes: received, tx_bytes: sent } } }),
});

describe('statistics of a container', () => {
  test('the first ones are Docker’s', () => {
    expect(statsDocument(reading(1, 5, 100))).toEqual(reading(1, 5, 100));
  });

  test('later ones have the CPU of those before, and rates', () => {
    expect(statsDocument(reading(11, 50, 300, 40), reading(1, 5, 100, 20))).toEqual({
      ...reading(11, 50, 300, 40),
      preread: '2026-01-02T03:04:01Z',
      precpu_stats: { cpu_usage: { total_usage: 5 } },
      network_rate_stats: { rx_bytes_per_sec: 20, tx_bytes_per_sec: 2 },
    });
  });

  test('a container that was started again begins anew', () => {
    expect(statsDocument(reading(11, 1, 300), reading(1, 5, 100))).toEqual(reading(11, 1, 300));
  });

  test.each([
    ['counters that were reset', reading(11, 50, 10), reading(1, 5, 100)],
    ['a clock that went back', reading(1, 50, 300), reading(11, 5, 100)],
    ['no network', reading(11, 50), reading(1, 5)],
  ])('no rates: %s', (_why, now, before) => {
    expect(statsDocument(now, before)).not.toHaveProperty('network_rate_stats');
  });

  test('the network of a task counts for a container that has none of its own', () => {
    const owner = reading(1, 2, 9, 1);
    expect(statsDocument(reading(1, 5), undefined, owner)).toEqual({ ...reading(1, 5), networks: owner.networks });
    expect(statsDocument(reading(1, 5), undefined, reading(1, 2))).toEqual(reading(1, 5));
    expect(statsDocument(reading(1, 5), undefined, null)).toEqual(reading(1, 5));
  });
});
