import { describe, expect, test } from '@jest/globals';
import type { ContainerReading } from './container-series.ts';
import { ContainerSeries } from './container-series.ts';

const MIB = 1024 * 1024;
/** A tenth of a second of CPU. */
const CPU = 100_000_000;

const reading = (count: number): ContainerReading => ({
  cpuNanoseconds: count * CPU,
  memoryBytes: count * MIB + 1,
  network: { rxBytes: count * 10, txBytes: count * 20 },
  storage: { readBytes: count * 30, writeBytes: count * 40 },
});

/** A container on a host of two cores that was read each second. */
function seriesOf(...readings: readonly ContainerReading[]): ContainerSeries {
  const series = new ContainerSeries(2);
  for (const [second, one] of readings.entries()) series.add(one, second * 1000);
  return series;
}

const set = (sampleCount: number, each: number) => ({ min: each, max: each, sum: each * sampleCount, sampleCount });

describe('what a container used in an interval', () => {
  test('rates of its counters, in percent of all cores, and whole MiB', () => {
    const series = seriesOf(reading(1), reading(2), reading(4));
    expect(series.take()).toEqual({
      cpuStatsSet: { min: 5, max: 10, sum: 15, sampleCount: 2 },
      memoryStatsSet: { min: 1, max: 4, sum: 7, sampleCount: 3 },
      networkStatsSet: {
        rxBytes: { min: 10, max: 20, sum: 30, sampleCount: 2 },
        txBytes: { min: 20, max: 40, sum: 60, sampleCount: 2 },
      },
      storageStatsSet: {
        readBytes: { min: 30, max: 60, sum: 90, sampleCount: 2 },
        writeBytes: { min: 40, max: 80, sum: 120, sampleCount: 2 },
      },
    });
  });

  test('the next interval goes on where the last one ended', () => {
    const series = seriesOf(reading(1), reading(2));
    series.take();
    expect(series.take()).toBeUndefined();
    series.add(reading(3), 2000);
    expect(series.take()).toMatchObject({ cpuStatsSet: set(1, 5), networkStatsSet: { rxBytes: set(1, 10) } });
  });

  test('one reading gives memory and nothing else', () => {
    expect(seriesOf(reading(3)).take()).toEqual({ memoryStatsSet: set(1, 3) });
  });

  test('counters that go back begin anew', () => {
    const series = seriesOf(reading(9), reading(1), reading(2));
    expect(series.take()).toMatchObject({
      cpuStatsSet: set(1, 5),
      networkStatsSet: { rxBytes: set(1, 10) },
      storageStatsSet: { writeBytes: set(1, 40) },
    });
  });

  test('what could not be read is no sample, and never zero', () => {
    const { network: _network, cpuNanoseconds: _cpu, ...partly } = reading(2);
    const taken = seriesOf(reading(1), partly, reading(3)).take();
    expect(taken).toEqual({
      memoryStatsSet: { min: 1, max: 3, sum: 6, sampleCount: 3 },
      storageStatsSet: { readBytes: set(2, 30), writeBytes: set(2, 40) },
    });
    expect(seriesOf({}, {}).take()).toBeUndefined();
  });

  test.each([
    ['a reading that was missed', (series: ContainerSeries) => series.missed(), 2000],
    ['a machine that slept', () => undefined, 3_600_000],
    ['two readings at one moment', () => undefined, 1000],
  ])('%s is not averaged over', (_what, happens, at) => {
    const series = seriesOf(reading(1), reading(2));
    series.take();
    happens(series);
    series.add(reading(50), at);
    expect(series.take()).toEqual({ memoryStatsSet: set(1, 50) });
  });
});
