// @ts-check
/** `npm test [-- jest arguments]`: sets up what is missing and runs every test. */
import { runCommand } from './run/command.mjs';

await runCommand({
  needs: [
    'build',
    'nats-server',
    'aws-clients',
    'network-tools',
    'host-packages',
    'test-registry',
    'docker',
    'demo-image',
  ],
  script: 'node_modules/jest/bin/jest.js',
  // Jest loads ES modules only with this; its workers are processes of their own.
  nodeOptions: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
});
