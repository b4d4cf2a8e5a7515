// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureNftables } from './nftables.mjs';
import { SetupError } from './progress.mjs';
import { recordingContext } from './testing.mjs';

describe('nftables', () => {
  test('that is there is left alone', async () => {
    const context = recordingContext();
    await ensureNftables(context, { isPresent: () => true });
    assert.deepEqual(context.lines, { present: ['nftables'], steps: [], warnings: [] });
  });

  test('is installed where it is missing', async () => {
    const context = recordingContext();
    let present = false;
    await ensureNftables(context, {
      isPresent: () => present,
      canInstall: () => true,
      install: async () => void (present = true),
    });
    assert.deepEqual(context.lines, { present: [], steps: ['install nftables (apt-get)'], warnings: [] });
  });

  test('that cannot be installed is named, with what is left out', async () => {
    const cases = /** @type {const} */ ([
      [{ canInstall: () => false }, /left out: as root, apt-get install nftables/],
      [
        { canInstall: () => true, install: () => Promise.reject(new SetupError('apt-get failed')) },
        /left out \(apt-get failed\)/,
      ],
    ]);
    for (const [overrides, message] of cases) {
      const context = recordingContext();
      await ensureNftables(context, { isPresent: () => false, ...overrides });
      assert.match(context.lines.warnings.join('\n'), message);
    }
  });
});
