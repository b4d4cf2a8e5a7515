/** Who may import whom. One line per room, each with its reason; ARCHITECTURE.md draws the same picture. */
const PURE = [
  'kernel',
  'subjects',
  'ecs/messages',
  'ecs/placement',
  'ecs/deciders',
  'ecs/reconcile',
  'ecs/views',
  'ecs/api',
  'agents/protocol',
  'agents/core',
  'agents/shell',
  'iam/messages',
];

/** What each lib may import, by its folder below libs. A lib that is not listed may import nothing. */
const MAY_IMPORT = {
  kernel: [],
  subjects: [],
  engine: ['kernel', 'event-store'],
  'ecs/messages': ['kernel'],
  'ecs/placement': ['kernel', 'ecs/messages'],
  'ecs/deciders': ['kernel', 'ecs/messages', 'ecs/placement'],
  'ecs/reconcile': ['kernel', 'ecs/messages', 'ecs/placement', 'ecs/deciders', 'agents/protocol'],
  'ecs/views': ['kernel', 'subjects', 'ecs/messages', 'ecs/placement'],
  'ecs/api': ['kernel', 'ecs/messages', 'ecs/views'],
  'agents/protocol': ['kernel', 'ecs/messages'],
  'agents/core': ['kernel', 'ecs/messages', 'agents/protocol'],
  'agents/shell': ['kernel', 'subjects', 'ecs/messages', 'agents/protocol', 'agents/core', 'container-runtime'],
  'iam/messages': ['kernel'],
  'event-store': ['kernel'],
  'container-runtime': ['kernel', 'ecs/messages', 'agents/core'],
  'event-store-jetstream': ['kernel', 'subjects', 'event-store'],
  'container-runtime-docker': ['kernel', 'ecs/messages', 'container-runtime'],
  'aws-wire': ['kernel'],
  platform: ['kernel', 'subjects'],
};
const LAYERED = '(?:(?:ecs|agents|iam)/)?[^/]+';

/** A context joins its layers in one file; the apps and the simulation run it. */
const CONTEXT = '^libs/[^/]+/context\\.ts$';

const roomRules = Object.entries(MAY_IMPORT).map(([lib, allowed]) => ({
  name: `room-${lib.replace('/', '-')}`,
  comment: `libs/${lib} imports only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}: dependencies point down the list.`,
  severity: 'error',
  from: { path: `^libs/${lib}/src`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(libs|apps|test)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

/** The one pure file that calls a library. */
const RE2 = '^libs/ecs/placement/src/query/text-pattern\\.ts$';

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'events-own-their-types',
      comment:
        'The log outlives commands, the wire and the protocol of the agents: an event consists of types of its own (recorded/).',
      severity: 'error',
      from: { path: '^libs/[^/]+/messages/src/([^/]+/events|recorded/[^/]+|fact|term)\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/(kernel/|[^/]+/messages/src/([^/]+/events|recorded/[^/]+|fact)\\.ts$)' },
    },
    {
      name: 'one-door',
      comment: 'Every lib has one entry point: src/index.ts.',
      severity: 'error',
      from: { path: `^libs/(${LAYERED})/(?:src|spec|scripts)/` },
      to: { path: '^libs/', pathNot: ['^libs/$1/', `^libs/${LAYERED}/src/index\\.ts$`] },
    },
    {
      name: 'one-door-apps',
      comment: 'Apps and tests enter a lib by its entry point.',
      severity: 'error',
      from: { path: '^(apps|test)/' },
      to: { path: '^libs/', pathNot: [`^libs/${LAYERED}/src/index\\.ts$`, CONTEXT] },
    },
    {
      name: 'a-context-knows-itself',
      comment: 'A context imports its own layers and the kernel.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/context\\.ts$' },
      to: { path: '^(libs|apps|test)/', pathNot: ['^libs/$1/[^/]+/src/index\\.ts$', '^libs/kernel/src/index\\.ts$'] },
    },
    {
      name: 'no-sideways-apps',
      comment: 'Apps are composition roots and do not import one another.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'pure-no-npm',
      comment: 'A pure room has no clock, randomness, I/O, Nest or npm.',
      severity: 'error',
      from: { path: `^libs/(${PURE.join('|')})/src`, pathNot: ['\\.spec\\.ts$', RE2] },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
    {
      name: 're2js-matches-patterns',
      comment:
        "RE2's algorithm is a pure function that we would only write worse; the one file that calls it imports nothing else.",
      severity: 'error',
      from: { path: RE2 },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'], pathNot: '^node_modules/re2js/' },
    },
    {
      name: 'nest-only-in-apps-and-platform',
      comment: 'A decider never sees a decorator. Nest belongs to the apps and the platform lib.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/platform/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'testing-only-in-specs',
      comment: 'Builders and contract suites serve specs and test/ only.',
      severity: 'error',
      from: { pathNot: ['\\.spec\\.ts$', '/spec/', '^test/', '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'spec-helpers-only-in-specs',
      comment: 'What is in a folder spec/ helps specs and is not in the build.',
      severity: 'error',
      from: { pathNot: ['\\.spec\\.ts$', '/spec/', '^test/(?!simulation|bench|demo)', '^libs/testing/'] },
      to: { path: '^(apps|libs|test)/.*/spec/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle hides who owns what.',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
