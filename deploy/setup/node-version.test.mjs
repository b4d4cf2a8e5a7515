// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureNodeVersion } from './node-version.mjs';
import { recordingContext } from './testing.mjs';

test('an old Node.js is refused in one line', async () => {
  for (const version of ['20.19.0', '22.0.0', '24.1.0']) {
    assert.deepEqual(await ensureNodeVersion(recordingContext(), version), { version });
  }
  for (const version of ['20.18.3', '18.20.0']) {
    await assert.rejects(ensureNodeVersion(recordingContext(), version), {
      message: `Node.js 20.19 or newer is needed; this is ${version}`,
    });
  }
});
