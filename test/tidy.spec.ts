import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

/* A test that lints the repository: what no linter knows and a reader would trip over. */

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.waybill', 'generated']);
const { libs, mayImport, pure } = createRequire(import.meta.url)('../deploy/libs.cjs') as {
  readonly libs: readonly string[];
  readonly mayImport: Readonly<Record<string, readonly string[]>>;
  readonly pure: readonly string[];
};
const FILE_LINES_MAX = 400;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(name) : [name];
  });
}

const sources = ['apps', 'libs', 'test'].flatMap(filesUnder).filter((file) => file.endsWith('.ts'));
const text = (file: string): string => readFileSync(file, 'utf8');
const thisFile = path.join('test', 'tidy.spec.ts');

/** Files in which the pattern occurs. */
function where(files: readonly string[], pattern: RegExp): string[] {
  return files.filter((file) => file !== thisFile && pattern.test(text(file)));
}

describe('the layout', () => {
  test.each(libs)('libs/%s has a README and one entry point', (lib) => {
    expect(existsSync(`libs/${lib}/README.md`)).toBe(true);
    expect(existsSync(`libs/${lib}/src/index.ts`)).toBe(true);
  });

  test('every lib has a dependency rule and a line in ARCHITECTURE.md', () => {
    const picture = text('ARCHITECTURE.md');
    expect(libs.filter((lib) => lib !== 'testing' && mayImport[lib] === undefined)).toEqual([]);
    expect(libs.filter((lib) => !picture.includes(`libs/${lib}`))).toEqual([]);
  });

  test('nest-cli.json names every app', () => {
    const { projects } = JSON.parse(text('nest-cli.json')) as { projects: object };
    expect(Object.keys(projects).sort()).toEqual(readdirSync('apps').sort());
  });

  test('entry points list their exports by name', () => {
    expect(
      where(
        sources.filter((file) => file.endsWith('index.ts')),
        /^export \*/m,
      ),
    ).toEqual([]);
  });
});

describe('the sources', () => {
  test('hold no unfinished or focused work', () => {
    expect(where(sources, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
    expect(where(sources, /\b(describe|it|test)\.(only|skip|todo)\(|\bx(it|describe)\(/)).toEqual([]);
  });

  test('pure libs have no async, clock or chance', () => {
    const files = sources.filter(
      (file) => pure.some((lib) => file.startsWith(`libs/${lib}/src/`)) && !file.endsWith('.spec.ts'),
    );
    expect(where(files, /^\s*(export )?async |\bawait |new Promise|Date\.now\(|Math\.random\(|from 'node:/m)).toEqual(
      [],
    );
  });

  test('build no subject outside libs/subjects', () => {
    const others = sources.filter((file) => !file.startsWith('libs/subjects/') && !/\.spec\.ts$|^test\//.test(file));
    expect(where(others, /^(?!\s*(\/?\*|\/\/)).*['"`]waybill\.(log|cmd|shard|agent|events)\./m)).toEqual([]);
  });

  test('keep what helps specs in spec/ beside src/, goldens in spec/goldens, and neither in the build', () => {
    const all = ['apps', 'libs'].flatMap(filesUnder);
    const misplaced =
      /\/(spec-support|test-goldens|fixtures?|helpers|__\w+__)\/|\/src\/.*\/(spec|goldens)\/|\.(fixture|golden)\.\w+$/;
    expect(all.filter((file) => misplaced.test(file))).toEqual([]);
    expect(all.filter((file) => file.includes('/goldens/') && !file.includes('/spec/goldens/'))).toEqual([]);
    const { exclude } = JSON.parse(text('tsconfig.build.json')) as { exclude: string[] };
    expect(exclude).toEqual(expect.arrayContaining(['**/*.spec.ts', '**/spec/**']));
  });

  test('name roles, not *Service classes', () => {
    const own = sources.filter((file) => !file.includes('/spec/'));
    expect(where(own, /class \w+Service\b/)).toEqual([]);
  });

  test(`stay below ${FILE_LINES_MAX} lines`, () => {
    const read = sources.filter((file) => !file.endsWith('.spec.ts'));
    expect(read.filter((file) => text(file).split('\n').length > FILE_LINES_MAX)).toEqual([]);
  });

  test('name no host of a package registry and no path of a machine', () => {
    const all = ['apps', 'libs', 'test', 'deploy', '.ci'].flatMap(filesUnder);
    expect(where(all, /registry\.npmjs|deb\.debian\.org|\/home\/\w+\/|\/root\//)).toEqual([]);
  });
});

describe('what folds recorded events', () => {
  // The ranks of statuses order them; empty values and the limit of what a reader remembers decide nothing.
  const HARMLESS = /\b(TASK_STATUS_RANK|NO_[A-Z_]+|SERVICE_MESSAGES_MAX)\b/g;
  const folds = sources.filter((file) => /\.(evolve|fold)\.ts$/.test(file));
  const RULES: readonly (readonly [what: string, pattern: RegExp])[] = [
    ['numbers but 0 and 1', /(?<![\w.])(?:[2-9]|\d[\d_]+)(?!\w)/],
    ['constants', /(?<![\w'])[A-Z][A-Z\d]*_[A-Z\d_]+\b(?!')/],
    ['patterns', /[=(,:&|?]\s*\/[^/*\s].*\/[a-z]*/],
    ['searches in texts', /\.(?:includes|startsWith|endsWith|indexOf|match|search)\(\s*['"`/]/],
    ['comparisons of texts for people', /\b(?:message|reason|stoppedReason)\s*[!=]==/],
  ];

  /** A line without comments and texts. */
  const bare = (line: string): string => line.replace(/\/\/.*|^\s*\/?\*.*/, '').replace(HARMLESS, '');

  test.each(RULES)('holds no %s: rules belong to decide, and what they come to into the event', (_what, pattern) => {
    const found = folds.flatMap((file) =>
      text(file)
        .split('\n')
        .map(bare)
        .filter((line) => pattern.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(folds.length).toBeGreaterThan(8);
    expect(found).toEqual([]);
  });
});
