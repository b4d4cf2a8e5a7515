/** Three projects by what they need: nothing (unit), a seed (sim), or real servers and Docker (int). */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: {
    // `source` makes `#libs/*` resolve to the TypeScript sources; adding `import` here breaks Jest's own requires.
    customExportConditions: ['source', 'node', 'node-addons'],
  },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

export default {
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/deploy/run/jest-reporter.mjs'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.int\\.spec\\.ts$', '\\.sim\\.spec\\.ts$'],
    },
    { ...shared, displayName: 'sim', testMatch: ['<rootDir>/test/**/*.sim.spec.ts'] },
    {
      ...shared,
      displayName: 'int',
      testMatch: ['<rootDir>/{apps,libs,test}/**/*.int.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
  ],
};
