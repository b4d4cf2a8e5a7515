// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog } from './progress.mjs';

describe('progress lines', () => {
  /** @returns {[import('./progress.mjs').Log, () => string]} */
  const logOf = () => {
    let text = '';
    return [createLog({ write: (part) => (text += part) }), () => text];
  };

  test('are none when everything is there', () => {
    const [log, text] = logOf();
    log.present('one');
    log.present('two');
    assert.equal(text(), '');
  });

  test('tell what was there before the first thing that is done', async () => {
    const [log, text] = logOf();
    log.present('one');
    assert.equal(await log.step('two', async () => 2), 2);
    await assert.rejects(log.step('three', () => Promise.reject(new Error('no'))));
    assert.match(
      text(),
      /^set-up: one: already there\nset-up: two … done, \d+\.\d s\nset-up: three … FAILED, \d+\.\d s\n$/,
    );
  });
});
