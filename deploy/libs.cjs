// @ts-check
/**
 * The libs and what each may import; .dependency-cruiser.cjs enforces it, test/tidy.spec.ts and ARCHITECTURE.md follow it. A
 * context is a folder of libs with a context.ts; its layers have the same rules in every context, so another one needs no
 * line here.
 */
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const LIBS = join(__dirname, '..', 'libs');

/**
 * What a layer of a context may import besides the kernel, in the context's own folder.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const LAYERS = {
  messages: [],
  placement: ['messages'],
  deciders: ['messages', 'placement'],
  reconcile: ['messages', 'placement', 'deciders'],
  views: ['messages', 'placement'],
  api: ['messages', 'views'],
};
/**
 * … and of the other libs.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const LAYERS_BEYOND = { reconcile: ['agents/protocol'], views: ['subjects'] };

/**
 * What every other lib may import.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const OTHERS = {
  kernel: [],
  subjects: [],
  engine: ['kernel', 'event-store'],
  'agents/protocol': ['kernel', 'ecs/messages'],
  'agents/core': ['kernel', 'ecs/messages', 'agents/protocol'],
  'agents/shell': ['kernel', 'subjects', 'ecs/messages', 'agents/protocol', 'agents/core', 'container-runtime'],
  'agents/metadata': ['kernel', 'ecs/messages', 'agents/core', 'container-runtime'],
  'agents/telemetry': ['kernel', 'agents/protocol'],
  'event-store': ['kernel'],
  'container-runtime': ['kernel', 'ecs/messages', 'agents/core'],
  'event-store-jetstream': ['kernel', 'subjects', 'event-store'],
  'container-runtime-docker': ['kernel', 'ecs/messages', 'container-runtime'],
  'aws-wire': ['kernel'],
  platform: ['kernel', 'subjects'],
  'testing-pure': ['kernel', 'ecs/messages'],
};
const OTHERS_PURE = [
  'kernel',
  'engine',
  'subjects',
  'agents/protocol',
  'agents/core',
  'agents/shell',
  'agents/metadata',
  'agents/telemetry',
];

/** @param {string} folder */
const foldersIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Names of the contexts, e.g. `ecs`. */
const contexts = foldersIn(LIBS).filter((name) => existsSync(join(LIBS, name, 'context.ts')));
/** Folders that hold a lib per layer instead of being one. */
const layered = [...contexts, 'agents'];

/** Every lib, as its folder below libs: `kernel`, `ecs/messages`, … */
const libs = foldersIn(LIBS).flatMap((name) =>
  layered.includes(name) ? foldersIn(join(LIBS, name)).map((layer) => `${name}/${layer}`) : [name],
);

/**
 * What each lib may import, by its folder below libs.
 * @type {Record<string, readonly string[]>}
 */
const mayImport = { ...OTHERS };
for (const context of contexts) {
  for (const [layer, own] of Object.entries(LAYERS)) {
    const beyond = LAYERS_BEYOND[layer] ?? [];
    mayImport[`${context}/${layer}`] = ['kernel', ...beyond, ...own.map((name) => `${context}/${name}`)];
  }
}

/** Libs without a clock, randomness, I/O, Nest or npm. */
const pure = [...OTHERS_PURE, ...libs.filter((lib) => contexts.some((context) => lib.startsWith(`${context}/`)))];

module.exports = { layered, libs, mayImport, pure };
