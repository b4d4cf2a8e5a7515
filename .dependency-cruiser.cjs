/** Who may import whom. One line a room, each with its reason; ARCHITECTURE.md draws the same picture. */
const PURE = ['kernel', 'contracts', 'ecs', 'scheduling', 'process-managers', 'projections', 'agent-core'];

/** What each lib may import, by name. A lib that is not listed may import nothing. */
const MAY_IMPORT = {
  kernel: [],
  contracts: ['kernel'],
  scheduling: ['kernel', 'contracts'],
  ecs: ['kernel', 'contracts', 'scheduling'],
  engine: ['kernel', 'event-store'],
  'process-managers': ['kernel', 'contracts', 'scheduling', 'ecs'],
  projections: ['kernel', 'contracts', 'scheduling'],
  'agent-core': ['kernel', 'contracts'],
  'event-store': ['kernel'],
  'container-runtime': ['kernel', 'contracts', 'agent-core'],
  'event-store-jetstream': ['kernel', 'contracts', 'event-store'],
  'container-runtime-docker': ['kernel', 'contracts', 'container-runtime'],
  'aws-wire': ['kernel', 'contracts'],
  client: ['kernel', 'contracts'],
  platform: ['kernel', 'contracts'],
};

const roomRules = Object.entries(MAY_IMPORT).map(([lib, allowed]) => ({
  name: `room-${lib}`,
  comment: `libs/${lib} imports only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}: dependencies point down the list.`,
  severity: 'error',
  from: { path: `^libs/${lib}/src`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(libs|apps|test)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'one-door',
      comment: 'Every lib has one door: src/index.ts.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'one-door-apps',
      comment: 'Apps and tests enter a lib by its door.',
      severity: 'error',
      from: { path: '^(apps|test)/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
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
      from: { path: `^libs/(${PURE.join('|')})/src`, pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
    {
      name: 'nest-only-in-apps-and-platform',
      comment: 'A decider never sees a decorator. Nest belongs to the apps, the platform lib and the client module.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/(platform|client)/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'testing-only-in-specs',
      comment: 'Builders and contract suites serve specs and test/ only.',
      severity: 'error',
      from: { pathNot: ['\\.spec\\.ts$', '/spec(-support)?/', '^test/', '^libs/testing/'] },
      to: { path: '^libs/testing/' },
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
