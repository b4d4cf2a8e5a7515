import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const script = path.join(import.meta.dirname, '../scripts/generate-schemas.mjs');

function generate(...args: readonly string[]) {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
}

test('the committed shapes and types of every service are what its SDK says now', () => {
  const { status, stderr } = generate('--check');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('a service that the generator does not know is named', () => {
  const { status, stderr } = generate('s3', '--check');
  expect(status).not.toBe(0);
  expect(stderr).toContain('There is no service s3; there are ecs, sts');
});
