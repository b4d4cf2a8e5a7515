// @ts-check
/** `npm run bench -- NAME… [--json FILE]`: benchmarks against the raw limits of this machine; no containers. */
import { runCommand } from './run/command.mjs';

await runCommand({ needs: ['build', 'nats-server'], script: 'dist/test/bench/main.js' });
