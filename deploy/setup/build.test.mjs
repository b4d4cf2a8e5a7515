// @ts-check
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ensureBuild } from './build.mjs';
import { recordingContext } from './testing.mjs';

/** Stands in for the compiler: copies names, fails when a source says so. */
const COMPILER = `
const fs = require('node:fs');
const names = fs.readdirSync('libs').filter((name) => name.endsWith('.ts'));
if (process.argv[3] !== 'tsconfig.of-the-build.json') throw new Error(process.argv[3]);
fs.mkdirSync('dist/libs', { recursive: true });
for (const name of names) fs.writeFileSync('dist/libs/' + name.replace('.ts', '.js'), '');
process.exit(names.some((name) => fs.readFileSync('libs/' + name, 'utf8') === 'wrong') ? 2 : 0);
`;

const NEST_CLI = JSON.stringify({
  compilerOptions: { tsConfigPath: 'tsconfig.of-the-build.json' },
  projects: { one: { sourceRoot: 'libs', entryFile: 'one' } },
});

describe('the build', () => {
  /** @type {string} */
  let root;
  /** @type {(name: string, text: string) => void} */
  const write = (name, text) => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const build = async () => (await ensureBuild(recordingContext({ XDG_CACHE_HOME: join(root, '.cache') }, root))).built;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'waybill-build-'));
    write('nest-cli.json', NEST_CLI);
    write('tsconfig.of-the-build.json', '{ "include": ["libs", "test/not-there"] }');
    write('node_modules/typescript/bin/tsc', COMPILER);
    write('libs/one.ts', '1');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('happens once, and again when a source has other content', async () => {
    assert.equal(await build(), true);
    assert.equal(await build(), false);
    utimesSync(join(root, 'libs/one.ts'), 1, 1);
    assert.equal(await build(), false);
    write('libs/one.ts', '2');
    assert.equal(await build(), true);
  });

  test('does not happen for a spec', async () => {
    await build();
    write('libs/one.spec.ts', '1');
    assert.equal(await build(), false);
  });

  test('leaves nothing of a source that is gone', async () => {
    write('libs/two.ts', '2');
    await build();
    rmSync(join(root, 'libs/two.ts'));
    assert.equal(await build(), true);
    assert.equal(existsSync(join(root, 'dist/libs/one.js')), true);
    assert.equal(existsSync(join(root, 'dist/libs/two.js')), false);
  });

  test('that failed is not taken for done', async () => {
    write('libs/one.ts', 'wrong');
    await assert.rejects(build(), /tsc.*failed \(exit code 2\)/);
    await assert.rejects(build(), /failed/);
    write('libs/one.ts', 'right');
    assert.equal(await build(), true);
  });

  test('makes the entry file of every app of nest-cli.json', async () => {
    await build();
    rmSync(join(root, 'dist/libs/one.js'));
    assert.equal(await build(), true);
    write('nest-cli.json', NEST_CLI.replace('"one"}', '"main"}'));
    await assert.rejects(build(), /the build made no dist\/libs\/main\.js, which nest-cli\.json names/);
  });

  test('with half a stamp happens again', async () => {
    await build();
    for (const text of ['{"files":', 'null', '']) {
      write('dist/.waybill-build.json', text);
      assert.equal(await build(), true);
    }
  });

  test('is done by one of two set-ups at once', async () => {
    assert.deepEqual((await Promise.all([build(), build()])).sort(), [false, true]);
  });
});
