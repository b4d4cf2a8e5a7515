// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureTestRegistry } from './test-registry.mjs';
import { recordingContext } from './testing.mjs';

/**
 * A machine without any registry; the overrides say what else it is.
 *
 * @param {Partial<import('./test-registry.mjs').Probe>} [overrides]
 */
function machineOf(overrides = {}) {
  /** @type {string[]} */
  const fetched = [];
  /** @type {import('./test-registry.mjs').Probe} */
  const probe = {
    isExecutable: () => false,
    inPath: () => undefined,
    canFetch: () => true,
    fetch: async (destination) => void fetched.push(destination),
    ...overrides,
  };
  return { probe, fetched };
}

const env = { XDG_CACHE_HOME: '/cache' };
const CACHED = '/cache/waybill/bin/docker-registry';

describe("the tests' registry", () => {
  test('is the one that is named, that of the machine, or the cached one', async () => {
    const { probe, fetched } = machineOf({ isExecutable: () => true, inPath: () => '/usr/bin/docker-registry' });
    const named = recordingContext({ ...env, WAYBILL_TEST_REGISTRY: '/opt/registry' });
    assert.deepEqual(await ensureTestRegistry(named, probe), { path: '/opt/registry' });
    assert.deepEqual(await ensureTestRegistry(recordingContext(env), probe), { path: '/usr/bin/docker-registry' });
    const noneInPath = { ...probe, inPath: () => undefined };
    assert.deepEqual(await ensureTestRegistry(recordingContext(env), noneInPath), { path: CACHED });
    assert.deepEqual(fetched, []);
  });

  test('is fetched where there is none, and not installed', async () => {
    const { probe, fetched } = machineOf();
    assert.deepEqual(await ensureTestRegistry(recordingContext(env), probe), { path: CACHED });
    assert.deepEqual(fetched, [CACHED]);
  });

  test('is asked for in one line where it cannot be had', async () => {
    const { probe } = machineOf({ canFetch: () => false });
    await assert.rejects(ensureTestRegistry(recordingContext(env), probe), /WAYBILL_TEST_REGISTRY/);
    const wrong = recordingContext({ ...env, WAYBILL_TEST_REGISTRY: '/nowhere' });
    await assert.rejects(ensureTestRegistry(wrong, probe), /WAYBILL_TEST_REGISTRY=\/nowhere is not a program/);
  });
});
