// @ts-check
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ensureDependencies } from './dependencies.mjs';
import { recordingContext } from './testing.mjs';

const LOCK = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b-darwin': { version: '1.0.0', optional: true },
  },
};

describe('npm packages', () => {
  /** @type {string} */
  let root;
  const ensure = async () => {
    const context = recordingContext({ PATH: join(root, 'bin'), XDG_CACHE_HOME: join(root, '.cache') }, root);
    return (await ensureDependencies(context)).installed;
  };
  const write = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    writeFileSync(join(root, name), JSON.stringify(value));

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'waybill-packages-'));
    mkdirSync(join(root, 'bin'));
    // Stands in for npm: says what it was asked to do, and does what `npm ci` would.
    const npm = '#!/bin/sh\n/bin/mkdir -p node_modules && echo "$@" > node_modules/asked\n';
    writeFileSync(join(root, 'bin', 'npm'), npm);
    chmodSync(join(root, 'bin', 'npm'), 0o755);
    write('package-lock.json', LOCK);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('are installed once for a lock file', async () => {
    assert.equal(await ensure(), true);
    assert.equal(existsSync(join(root, 'node_modules/asked')), true);
    assert.equal(await ensure(), false);
    write('package-lock.json', { packages: { 'node_modules/a': { version: '1.0.1' } } });
    assert.equal(await ensure(), true);
  });

  test('that were installed by hand are left alone if they are the right ones', async () => {
    mkdirSync(join(root, 'node_modules'));
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
    assert.equal(await ensure(), false);
    write('package-lock.json', { packages: { 'node_modules/a': { version: '2.0.0' } } });
    assert.equal(await ensure(), true);
  });

  test('whose record is damaged are installed again', async () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages":');
    assert.equal(await ensure(), true);
  });
});
