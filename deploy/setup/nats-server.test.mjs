// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureNatsServer, isAtLeast } from './nats-server.mjs';
import { SetupError } from './progress.mjs';
import { recordingContext } from './testing.mjs';

/** @type {Record<string, string>} */
const VERSIONS = { '/old': '2.9.10', '/weak': '2.10.20', '/good': '2.10.27', '/new': '2.12.0-RC.1' };
const nothing = {
  versionOf: async (/** @type {string} */ path) => VERSIONS[path],
  inPath: () => undefined,
  inCache: () => undefined,
  canFetch: () => false,
  fetch: async () => '/good',
};

describe('the choice of a nats-server', () => {
  test('takes the named one before all others', async () => {
    const context = recordingContext({ WAYBILL_NATS_SERVER: '/new' });
    assert.deepEqual(await ensureNatsServer(context, { ...nothing, inPath: () => '/good' }), {
      path: '/new',
      version: '2.12.0-RC.1',
    });
  });

  test('takes the installed one, then the cached one, then fetches', async () => {
    const context = recordingContext();
    const all = { ...nothing, inPath: () => '/new', inCache: () => '/good', canFetch: () => true };
    assert.equal((await ensureNatsServer(context, all)).path, '/new');
    assert.equal((await ensureNatsServer(context, { ...all, inPath: () => '/weak' })).path, '/good');
    assert.deepEqual(context.lines.steps, []);
    const fetching = { ...all, inPath: () => '/old', inCache: () => undefined };
    assert.equal((await ensureNatsServer(context, fetching)).path, '/good');
    assert.equal(context.lines.steps.length, 1);
  });

  test('makes do with one that syncs its writes where none can be fetched, and says what is wrong with it', async () => {
    const offline = {
      ...nothing,
      inPath: () => '/weak',
      canFetch: () => true,
      fetch: () => Promise.reject(new SetupError('no network')),
    };
    for (const probe of [{ ...nothing, inPath: () => '/weak' }, offline]) {
      const context = recordingContext();
      assert.equal((await ensureNatsServer(context, probe)).path, '/weak');
      assert.match(context.lines.warnings.join(), /2\.10\.20.*CVE/);
    }
  });

  test('refuses one that can lose what it acknowledged', async () => {
    const refused = /2\.9\.10, but 2\.10\.0 is needed/;
    await assert.rejects(ensureNatsServer(recordingContext(), { ...nothing, inPath: () => '/old' }), refused);
    await assert.rejects(ensureNatsServer(recordingContext({ WAYBILL_NATS_SERVER: '/old' }), nothing), refused);
  });

  test('says what to install where there is none', async () => {
    await assert.rejects(ensureNatsServer(recordingContext(), nothing), /install nats-server 2\.10\.27 or newer/);
    await assert.rejects(
      ensureNatsServer(recordingContext({ WAYBILL_NATS_SERVER: '/none' }), nothing),
      /WAYBILL_NATS_SERVER=\/none is not a nats-server/,
    );
  });

  test('compares numbers, not texts', () => {
    assert.equal(isAtLeast('2.10.9', '2.10.27'), false);
    assert.equal(isAtLeast('2.10.27', '2.10.27'), true);
    assert.equal(isAtLeast('3.0.0', '2.10.27'), true);
    assert.equal(isAtLeast('2.11.0-RC.1', '2.10.27'), true);
  });
});
