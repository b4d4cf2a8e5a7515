// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tar } from './tar.mjs';

test('an archive is one that tar reads, the same bytes every time', () => {
  /** @type {import('./tar.mjs').Entry[]} */
  const entries = [
    { type: 'folder', path: 'bin', mode: 0o755 },
    { type: 'file', path: 'bin/tool', mode: 0o755, content: Buffer.alloc(700, 'x') },
    { type: 'link', path: 'bin/other', target: 'tool' },
  ];
  const archive = tar(entries);
  assert.deepEqual(archive, tar(entries));
  const listing = spawnSync('tar', ['--numeric-owner', '-tvf', '-'], { input: archive, encoding: 'utf8' });
  assert.equal(listing.status, 0, listing.stderr);
  const lines = listing.stdout.trim().split('\n');
  assert.match(lines[0] ?? '', /^drwxr-xr-x 0\/0 .* bin\/?$/);
  assert.match(lines[1] ?? '', /^-rwxr-xr-x 0\/0 +700 .* bin\/tool$/);
  assert.match(lines[2] ?? '', /^lrwxrwxrwx .* bin\/other -> tool$/);
  assert.throws(() => tar([{ type: 'folder', path: 'x'.repeat(101), mode: 0o755 }]), RangeError);
});
