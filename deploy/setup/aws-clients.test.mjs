// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureAwsClients } from './aws-clients.mjs';
import { SetupError } from './progress.mjs';
import { recordingContext } from './testing.mjs';

/**
 * A machine that has these packages and may install others.
 *
 * @param {string[]} present
 * @param {Partial<import('./aws-clients.mjs').Probe>} [overrides]
 * @returns {import('./aws-clients.mjs').Probe}
 */
const machineWith = (present, overrides) => ({
  runs: async ({ packageName }) => present.includes(packageName),
  canInstall: () => true,
  install: async (packages) => void present.push(...packages),
  ...overrides,
});

describe("Amazon's clients", () => {
  test('that are there are left alone', async () => {
    const context = recordingContext();
    await ensureAwsClients(context, machineWith(['awscli', 'python3-boto3']));
    assert.deepEqual(context.lines, { present: ['AWS CLI and boto3'], steps: [], warnings: [] });
  });

  test('are installed where they are missing', async () => {
    const context = recordingContext();
    const present = ['awscli'];
    await ensureAwsClients(context, machineWith(present));
    assert.deepEqual(present, ['awscli', 'python3-boto3']);
    assert.deepEqual(context.lines.warnings, []);
  });

  test('that cannot be installed are named with the tests that are left out', async () => {
    const refuse = () => Promise.reject(new SetupError('apt-get failed'));
    const cases = /** @type {const} */ ([
      [
        { canInstall: () => false },
        /the AWS CLI and boto3 are left out: as root, apt-get install awscli python3-boto3/,
      ],
      [{ install: refuse }, /are left out \(apt-get failed\)/],
      // Another python3 comes first in PATH.
      [{ install: async () => {} }, /boto3 are left out/],
    ]);
    for (const [overrides, message] of cases) {
      const context = recordingContext();
      await ensureAwsClients(context, machineWith([], overrides));
      assert.match(context.lines.warnings.join('\n'), message);
    }
  });
});
