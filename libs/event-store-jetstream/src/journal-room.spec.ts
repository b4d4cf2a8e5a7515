import { describe, expect, test } from '@jest/globals';
import { journalRoom } from './journal-room.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const size = { usedBytes: GIB, limitBytes: 100 * GIB, diskFreeBytes: 200 * GIB, storeFolder: '/store' };

describe('journalRoom', () => {
  test.each([
    ['plenty', {}, { level: 'ok', roomBytes: 99 * GIB }],
    ['a disk that is not seen', { diskFreeBytes: null }, { level: 'ok', roomBytes: 99 * GIB }],
    ['80 % of its own limit', { usedBytes: 80 * GIB }, { level: 'low', roomBytes: 20 * GIB, usedRatio: 0.8 }],
    ['80 % of what the disk leaves', { diskFreeBytes: GIB / 4 }, { level: 'low', roomBytes: GIB / 4, usedRatio: 0.8 }],
    ['little left on the disk', { usedBytes: 0, diskFreeBytes: 900 * MIB }, { level: 'low' }],
    ['a limit below what it holds', { limitBytes: GIB / 2 }, { level: 'full', roomBytes: 0, usedRatio: 1 }],
    ['a full disk', { diskFreeBytes: 4096 }, { level: 'full', roomBytes: 4096 }],
    ['an empty store on a full disk', { usedBytes: 0, diskFreeBytes: 0 }, { level: 'full', usedRatio: 1 }],
  ])('%s', (_what, change, expected) => {
    expect(journalRoom({ ...size, ...change })).toMatchObject(expected);
  });

  test('says what to do about what ends first', () => {
    expect(journalRoom({ ...size, limitBytes: GIB }).text).toBe(
      'the journal in /store has 1.0 GiB and room for 0 bytes more: raise max_file_store in the configuration of nats-server (now 1.0 GiB)',
    );
    expect(journalRoom({ ...size, diskFreeBytes: 5 * MIB }).text).toBe(
      'the journal in /store has 1.0 GiB and room for 5.0 MiB more: make room on its disk',
    );
    expect(journalRoom(size).text).toBe('the journal in /store has 1.0 GiB and room for 99.0 GiB more');
  });
});
