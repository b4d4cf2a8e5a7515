// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureHostPackages } from './host-packages.mjs';
import { recordingContext } from './testing.mjs';

describe('packages of a host', () => {
  test('are left alone where they are', async () => {
    const context = recordingContext();
    await ensureHostPackages(context, { isPresent: () => true });
    assert.deepEqual(context.lines, { present: ['runsc', 'xfsprogs', 'curl'], steps: [], warnings: [] });
  });

  test('are named, with what is left out, where they cannot be installed', async () => {
    const context = recordingContext();
    await ensureHostPackages(context, { isPresent: () => false, canInstall: () => false });
    assert.match(
      context.lines.warnings.join('\n'),
      /gVisor.*install runsc\n.*XFS.*install xfsprogs\n.*examples.*install curl/,
    );
  });
});
