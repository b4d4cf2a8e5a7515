import { describe, expect, test } from '@jest/globals';
import { differencesOf } from './journal-stream.ts';

const fit = {
  name: 'WAYBILL',
  subjects: ['waybill.log.>'],
  storage: 'file',
  retention: 'limits',
  discard: 'new',
  max_age: 0,
  max_msgs: -1,
  max_bytes: -1,
  max_msg_size: -1,
  max_msgs_per_subject: -1,
  num_replicas: 3,
  duplicate_window: 120_000_000_000,
  deny_delete: true,
  deny_purge: true,
  allow_direct: false,
  allow_rollup_hdrs: false,
  metadata: { '_nats.level': '0' },
};

describe('differencesOf', () => {
  test('a fit journal has none, with replicas as they are or as asked for', () => {
    expect(differencesOf(fit)).toEqual([]);
    expect(differencesOf(fit, 3)).toEqual([]);
    expect(differencesOf({ ...fit, persist_mode: 'default', mirror: null, sources: [] })).toEqual([]);
  });

  test.each([
    [{ num_replicas: 1 }, 'num_replicas is 1, not 3'],
    [{ storage: 'memory' }, 'storage is "memory", not "file"'],
    [{ max_age: 60_000_000_000 }, 'max_age is 60000000000, not 0'],
    [{ deny_purge: false }, 'deny_purge is false, not true'],
    [{ deny_delete: undefined }, 'deny_delete is false, not true'],
    [{ discard: 'old' }, 'discard is "old", not "new"'],
    [{ subjects: ['waybill.>'] }, 'subjects is ["waybill.>"], not ["waybill.log.>"]'],
    [{ sealed: true }, 'sealed is true'],
    [{ mirror: { name: 'OTHER' } }, 'mirror is {"name":"OTHER"}'],
    [{ persist_mode: 'async' }, 'persist_mode is "async", not "default"'],
  ])('%j is told', (change, difference) => {
    expect(differencesOf({ ...fit, ...change }, 3)).toEqual([difference]);
  });
});
