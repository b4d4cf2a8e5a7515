/** Who may import whom, each rule with its reason. deploy/libs.cjs has the libs; ARCHITECTURE.md draws the same picture. */
const { layered, mayImport, pure } = require('./deploy/libs.cjs');

const LAYERED = `(?:(?:${layered.join('|')})/)?[^/]+`;

/** A context joins its layers in one file, and one file lists the contexts; the apps and the simulation run them. */
const CONTEXT = '^libs/([^/]+/context|contexts)\\.ts$';

const roomRules = Object.entries(mayImport).map(([lib, allowed]) => ({
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
      name: 'simulation-runs-the-libs',
      comment:
        'The simulation implements ports around the libs and their contexts; what an app composes is not simulated.',
      severity: 'error',
      from: { path: '^test/simulation/' },
      to: { path: '^apps/' },
    },
    {
      name: 'pure-no-npm',
      comment: 'A pure room has no clock, randomness, I/O, Nest or npm.',
      severity: 'error',
      from: { path: `^libs/(${pure.join('|')})/src`, pathNot: ['\\.spec\\.ts$', RE2] },
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
      from: { pathNot: ['\\.spec\\.ts$', '/spec/', '^test/', '^libs/testing(-pure)?/'] },
      to: { path: '^libs/testing(-pure)?/' },
    },
    {
      name: 'spec-helpers-only-in-specs',
      comment: 'What is in a folder spec/ helps specs and is not in the build.',
      severity: 'error',
      from: { pathNot: ['\\.spec\\.ts$', '/spec/', '^test/(?!simulation|bench|demo)', '^libs/testing(-pure)?/'] },
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
