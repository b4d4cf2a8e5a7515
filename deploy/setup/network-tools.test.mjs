// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureNetworkTools } from './network-tools.mjs';
import { SetupError } from './progress.mjs';
import { recordingContext } from './testing.mjs';

describe('nftables and iproute2', () => {
  test('that are there are left alone', async () => {
    const context = recordingContext();
    await ensureNetworkTools(context, { isPresent: () => true });
    assert.deepEqual(context.lines, { present: ['nftables and iproute2'], steps: [], warnings: [] });
  });

  test('are installed where they are missing', async () => {
    const context = recordingContext();
    const present = ['iproute2'];
    await ensureNetworkTools(context, {
      isPresent: ({ packageName }) => present.includes(packageName),
      canInstall: () => true,
      install: async (packages) => void present.push(...packages),
    });
    assert.deepEqual(context.lines, { present: [], steps: ['install nftables (apt-get)'], warnings: [] });
  });

  test('that cannot be installed are named, with what is left out', async () => {
    const cases = /** @type {const} */ ([
      [{ canInstall: () => false }, /left out: as root, apt-get install nftables iproute2/],
      [
        { canInstall: () => true, install: () => Promise.reject(new SetupError('apt-get failed')) },
        /left out \(apt-get failed\)/,
      ],
    ]);
    for (const [overrides, message] of cases) {
      const context = recordingContext();
      await ensureNetworkTools(context, { isPresent: () => false, ...overrides });
      assert.match(context.lines.warnings.join('\n'), message);
    }
  });
});
