// @ts-check
/** `npm run bench -- NAME… [--json FILE]`: benchmarks against the raw limits of this machine; only `docker` makes containers. */
import { runCommand } from './run/command.mjs';

const hasContainers = process.argv.slice(2).includes('docker');

await runCommand({
  needs: ['build', 'nats-server', ...(hasContainers ? /** @type {const} */ (['docker', 'demo-image']) : [])],
  script: 'dist/test/bench/main.js',
});
